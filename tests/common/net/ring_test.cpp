#include "common/net/ring.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <string>
#include <thread>
#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::net {
namespace {

struct Result {
  std::uint64_t key;
  int result;
  bool more;
  std::string received;
};

class Rings : public testing::Test {
 protected:
  void SetUp() override {
    if (!Ring::is_available()) {
      GTEST_SKIP() << "this kernel offers no io_uring, or too little of it";
    }
    ring_ = std::make_unique<Ring>();
    ring_->start();
  }
  // The next completion; ctest's deadline bounds the wait.
  Result complete() {
    while (completed_.empty()) {
      look(base::Clock::now() + std::chrono::seconds(1));
    }
    const Result first = completed_.front();
    completed_.erase(completed_.begin());
    return first;
  }
  void look(base::TimePoint until) {
    ring_->wait(until, [this](const Completion& completion) {
      completed_.push_back(
          {completion.key, completion.result, completion.more, test::text(completion.received)});
    });
  }
  void expect_nothing() {
    look(base::TimePoint{});
    EXPECT_TRUE(completed_.empty());
  }

  test::StreamPair pair_{test::tiny_buffers()};
  std::vector<Result> completed_;
  std::unique_ptr<Ring> ring_;
};

TEST_F(Rings, accepting_goes_on_client_after_client) {
  ring_->accept(pair_.listener.fd(), 5);
  for (int i = 0; i < 3; ++i) {
    const auto client = test::connect_to(pair_.listener);
    const auto accepted = complete();
    const base::FileDescriptor socket(accepted.result);
    EXPECT_EQ(accepted.key, 5U);
    EXPECT_TRUE(accepted.more);
    EXPECT_GE(accepted.result, 0);
    EXPECT_NE(::fcntl(socket.get(), F_GETFD) & FD_CLOEXEC, 0);
  }
  pair_.listener.stop();
  const auto end = complete();
  EXPECT_EQ(end.result, -EINVAL);
  EXPECT_FALSE(end.more);
}

TEST_F(Rings, what_has_come_is_received_and_the_buffers_go_round) {
  for (int i = 0; i < 1000; ++i) {  // several times the ring's buffers
    const auto said = "message " + std::to_string(i);
    pair_.client.send_all(test::raw(said));
    ring_->receive(pair_.server.fd(), 1);
    EXPECT_EQ(complete().received, said);
  }
}

TEST_F(Rings, a_receive_waits_for_bytes_and_finds_the_end) {
  ring_->receive(pair_.server.fd(), 1);
  expect_nothing();
  pair_.client.send_all(test::raw("x"));
  EXPECT_EQ(complete().received, "x");
  ring_->receive(pair_.server.fd(), 2);
  pair_.client.shut_down_sending();
  const auto end = complete();
  EXPECT_EQ(end.key, 2U);
  EXPECT_EQ(end.result, 0);
}

TEST_F(Rings, a_send_completes_when_all_has_gone) {
  const std::string said(200'000, 'x');  // more than the socket holds
  ring_->send(pair_.server.fd(), test::raw(said), 3);
  expect_nothing();
  std::size_t arrived = 0;
  while (arrived < said.size()) {
    arrived +=
        test::receive(pair_.client, std::min<std::size_t>(1000, said.size() - arrived)).size();
    look(base::TimePoint{});
  }
  EXPECT_EQ(complete().result, 200'000);
}

TEST_F(Rings, a_file_is_read_from_an_offset) {
  const test::TempFolder folder;
  const auto path = folder.write("f", "0123456789");
  const base::FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  std::array<std::byte, 4> bytes{};
  ring_->read(file.get(), 3, bytes, 4);
  EXPECT_EQ(complete().result, 4);
  EXPECT_EQ(test::text(bytes), "3456");
  ring_->read(file.get(), 10, bytes, 4);
  EXPECT_EQ(complete().result, 0);
}

TEST_F(Rings, a_socket_is_told_to_be_writable_when_it_is) {
  ring_->wait_writable(pair_.server.fd(), 6);
  EXPECT_EQ(complete().key, 6U);
  pair_.server.set_non_blocking();
  std::size_t sent = 0;
  const std::vector<std::byte> much(100'000);
  while (const auto count = pair_.server.try_send(much)) {
    sent += *count;
  }
  ring_->wait_writable(pair_.server.fd(), 7);
  expect_nothing();
  test::receive(pair_.client, sent);
  EXPECT_EQ(complete().key, 7U);
}

TEST_F(Rings, a_broken_connection_is_told_and_bytes_are_not) {
  ring_->wait_broken(pair_.server.fd(), 8);
  pair_.client.send_all(test::raw("x"));
  expect_nothing();
  pair_.server.shut_down();
  EXPECT_EQ(complete().key, 8U);
}

TEST_F(Rings, what_is_cancelled_completes_as_such) {
  ring_->receive(pair_.server.fd(), 9);
  expect_nothing();
  ring_->cancel(9);
  const auto cancelled = complete();
  EXPECT_EQ(cancelled.key, 9U);
  EXPECT_EQ(cancelled.result, -ECANCELED);
  ring_->cancel(10);  // nobody's
  expect_nothing();
}

TEST_F(Rings, a_failure_is_a_completion) {
  ring_->receive(-1, 11);
  EXPECT_EQ(complete().result, -EBADF);
}

TEST_F(Rings, more_may_be_asked_for_than_the_ring_has_places) {
  for (std::uint64_t key = 1; key <= 5000; ++key) {
    ring_->wait_writable(pair_.server.fd(), key);
  }
  for (std::uint64_t key = 1; key <= 5000; ++key) {
    EXPECT_EQ(complete().key, key);
  }
}

TEST_F(Rings, a_moment_to_come_is_waited_for) {
  const auto until = base::Clock::now() + std::chrono::milliseconds(5);
  look(until);
  EXPECT_TRUE(completed_.empty());
  EXPECT_GE(base::Clock::now(), until);
}

TEST_F(Rings, one_thread_makes_a_ring_and_another_uses_it) {
  ring_ = std::make_unique<Ring>();
  ring_->wait_writable(pair_.server.fd(), 12);
  std::jthread([&] {
    ring_->start();
    EXPECT_EQ(complete().key, 12U);
  }).join();
}

TEST_F(Rings, nothing_is_left_of_a_ring) {
  const int before = test::open_descriptors();
  { const Ring another; }
  EXPECT_EQ(test::open_descriptors(), before);
}

}  // namespace
}  // namespace dlab::net
