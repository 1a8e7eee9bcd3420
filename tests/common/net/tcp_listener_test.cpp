#include "common/net/tcp_listener.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <time.h>

#include <array>
#include <atomic>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/common/support/child.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::net {
namespace {

using namespace std::chrono_literals;

TEST(TcpListener, stopping_wakes_all_who_accept_and_those_who_come_later) {
  const int descriptors = test::open_descriptors();
  const int threads = test::running_threads();
  {
    TcpListener listener({"127.0.0.1", 0}, 8, {});
    std::atomic<int> ended = 0;
    {
      std::vector<std::jthread> accepting;
      for (int i = 0; i < 3; ++i) {
        accepting.emplace_back([&] { ended += listener.accept() ? 0 : 1; });
      }
      listener.stop();
    }
    EXPECT_EQ(ended, 3);
    EXPECT_FALSE(listener.accept());
  }
  EXPECT_EQ(test::open_descriptors(), descriptors);
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(TcpListener, ipv6_works_where_the_machine_has_it) {
  try {
    TcpListener listener({"::1", 0}, 1, {});
    const auto client = test::connect_to(listener);
    EXPECT_TRUE(listener.accept());
    EXPECT_TRUE(client.peer().starts_with("[::1]:"));
  } catch (const std::system_error& error) {
    GTEST_SKIP() << error.what();
  }
}

TEST(TcpListener, only_a_lack_of_descriptors_passes) {
  const auto error = [](int code) {
    return std::system_error(code, std::generic_category());
  };
  EXPECT_TRUE(is_out_of_descriptors(error(EMFILE)));
  EXPECT_TRUE(is_out_of_descriptors(error(ENFILE)));
  EXPECT_FALSE(is_out_of_descriptors(error(EINVAL)));
}

TEST(TcpListener, one_that_does_not_wait_says_that_nobody_is_there) {
  TcpListener listener({"127.0.0.1", 0}, 8, {});
  listener.set_non_blocking();
  EXPECT_FALSE(listener.try_accept());
  EXPECT_FALSE(listener.is_stopped());
  const auto client = test::connect_to(listener);
  auto accepted = listener.try_accept();
  ASSERT_TRUE(accepted);
  std::array<std::byte, 1> byte{};
  EXPECT_FALSE(accepted->try_receive(byte));  // it does not wait either
  listener.stop();
  EXPECT_FALSE(listener.try_accept());
  EXPECT_TRUE(listener.is_stopped());
}

TEST(TcpListener, another_on_the_same_address_takes_its_share) {
  TcpListener first({"127.0.0.1", 0}, 100, {});
  auto second = first.another(100, {});
  EXPECT_EQ(second.address().text(), first.address().text());
  first.set_non_blocking();
  second.set_non_blocking();
  std::vector<TcpStream> clients;
  int by_first = 0;
  int by_second = 0;
  // The kernel chooses by the client's port: after 64 both have had one, but for 1 in 2^63.
  for (int i = 0; i < 64; ++i) {
    clients.push_back(test::connect_to(first));
    by_first += first.try_accept() ? 1 : 0;
    by_second += second.try_accept() ? 1 : 0;
  }
  EXPECT_GT(by_first, 0);
  EXPECT_GT(by_second, 0);
  EXPECT_EQ(by_first + by_second, 64);
}

TEST(TcpListener, a_port_that_another_program_has_is_refused_though_it_may_be_shared) {
  TcpListener first({"127.0.0.1", 0}, 8, {});
  EXPECT_THROW(TcpListener({"127.0.0.1", first.address().port()}, 8, {}), std::system_error);
  const auto second = first.another(8, {});
  EXPECT_THROW(TcpListener({"127.0.0.1", first.address().port()}, 8, {}), std::system_error);
}

TEST(TcpListener, abandoned_by_one_process_it_goes_on_in_the_other) {
  TcpListener listener({"127.0.0.1", 0}, 8, {});
  EXPECT_EQ(test::in_child([&] {
              listener.abandon();
              return 0;
            }),
            0);
  const auto client = test::connect_to(listener);
  EXPECT_TRUE(listener.accept());
}

double process_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// No descriptor beyond those that are open now.
void forbid_more_descriptors() {
  const base::FileDescriptor next(::dup(0));
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = static_cast<rlim_t>(next.get());
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// One connection is open, one waits, and no descriptor is left for it until the first has ended.
int serve_without_descriptors() {
  auto pair = std::make_unique<test::StreamPair>();
  const auto waiting = test::connect_to(pair->listener);
  OpenStreams open;
  auto entry = std::make_unique<OpenStreams::Entry>(open, pair->server);
  forbid_more_descriptors();
  std::atomic<bool> accepted = false;
  std::jthread server([&] { accepted = accept_when_possible(pair->listener, open).has_value(); });
  const double before = process_cpu_seconds();
  open.wait_for_an_end(300ms);  // nothing ends: 300 ms in which a server could spin
  if (accepted || process_cpu_seconds() - before > 0.1) {
    return 1;
  }
  entry.reset();
  { const TcpStream ended = std::move(pair->server); }
  server.join();
  return accepted ? 0 : 2;
}

TEST(TcpListener, a_server_out_of_descriptors_waits_for_an_end_and_does_not_spin) {
  EXPECT_EQ(test::in_child(serve_without_descriptors), 0);
}

// It span for ever: accept4 said EMFILE before EINVAL, and no wait was left after the shutdown.
TEST(TcpListener, a_server_out_of_descriptors_can_be_stopped) {
  EXPECT_EQ(
      test::in_child([] {
        auto listener = std::make_unique<TcpListener>(Endpoint{"127.0.0.1", 0}, 8, SocketOptions{});
        const auto waiting = test::connect_to(*listener);
        OpenStreams open;
        forbid_more_descriptors();
        std::atomic<bool> accepted = true;
        {
          const std::jthread server(
              [&] { accepted = accept_when_possible(*listener, open).has_value(); });
          listener->stop();
          open.shut_down_all();
        }
        return accepted ? 1 : 0;
      }),
      0);
}

}  // namespace
}  // namespace dlab::net
