#include "common/serve/child_processes.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string>

#include "tests/common/support/child.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::serve {
namespace {

using namespace std::chrono_literals;

[[noreturn]] void do_nothing_for_ever() {
  for (;;) {
    ::pause();
  }
}

void wait_for_an_end(const ChildProcesses& children) {
  pollfd entry{.fd = children.ends(), .events = POLLIN, .revents = 0};
  ASSERT_EQ(::poll(&entry, 1, 60'000), 1);
}

// Not even a zombie.
void expect_no_child() {
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  EXPECT_EQ(errno, ECHILD);
}

// Serves until the client has nothing more to ask, and then says so.
void serve_to_the_end(test::StreamPair& pair) {
  ChildProcesses::serves(pair.server.fd());
  std::array<std::byte, 1> byte{};
  pair.server.send_all(test::raw("begun "));
  while (pair.server.receive_some(byte) > 0) {
  }
  pair.server.send_all(test::raw("done"));
  ::_exit(0);
}

// The text of all that comes until nobody can send any more.
std::string all_from(test::StreamPair& pair) {
  { const net::TcpStream here = std::move(pair.server); }
  return test::text(test::receive(pair.client, 1000));
}

TEST(ChildProcesses, one_that_ends_is_told_and_forgotten) {
  ChildProcesses children;
  children.start([] {});
  children.start([] {});
  EXPECT_EQ(children.count(), 2U);
  while (children.count() > 0) {
    wait_for_an_end(children);
    children.reap();
  }
  expect_no_child();
}

TEST(ChildProcesses, the_ends_of_many_are_not_missed) {
  ChildProcesses children;
  for (int i = 0; i < 50; ++i) {
    children.start([] {});
  }
  while (children.count() > 0) {
    wait_for_an_end(children);
    children.reap();
  }
  expect_no_child();
}

TEST(ChildProcesses, what_is_asked_is_answered_within_the_grace) {
  test::StreamPair pair;
  ChildProcesses children;
  children.start([&] { serve_to_the_end(pair); });
  EXPECT_EQ(test::text(test::receive(pair.client, 6)), "begun ");
  children.end_all(test::kLong);
  EXPECT_EQ(children.count(), 0U);
  EXPECT_EQ(all_from(pair), "done");
  expect_no_child();
}

// What it is told comes before it serves anybody.
TEST(ChildProcesses, one_that_has_just_begun_is_told_too) {
  test::StreamPair pair;
  ChildProcesses children;
  children.start([&] { serve_to_the_end(pair); });
  children.end_all(test::kLong);
  EXPECT_EQ(all_from(pair), "begun done");
}

TEST(ChildProcesses, after_the_grace_the_connection_is_cut) {
  test::StreamPair pair(test::tiny_buffers());
  ChildProcesses children;
  children.start([&] {
    ChildProcesses::serves(pair.server.fd());
    try {
      pair.server.send_all(std::vector<std::byte>(10'000'000));  // the client does not read
    } catch (const std::system_error&) {
      ::_exit(0);
    }
    do_nothing_for_ever();
  });
  test::receive(pair.client, 1);
  const auto began = base::Clock::now();
  children.end_all(10ms, test::kLong);
  EXPECT_EQ(children.count(), 0U);
  EXPECT_LT(base::Clock::now() - began, test::kLong) << "it was killed";
  expect_no_child();
}

TEST(ChildProcesses, one_that_does_not_listen_is_killed) {
  ChildProcesses children;
  children.start([] { do_nothing_for_ever(); });
  children.end_all(0s);
  EXPECT_EQ(children.count(), 0U);
  expect_no_child();
}

TEST(ChildProcesses, those_left_at_the_end_are_killed) {
  const int descriptors = test::open_descriptors();
  {
    ChildProcesses children;
    for (int i = 0; i < 3; ++i) {
      children.start([] { do_nothing_for_ever(); });
    }
  }
  expect_no_child();
  EXPECT_EQ(test::open_descriptors(), descriptors);
}

// The child holds the writing end of a pipe: it reads as ended when the child has gone.
TEST(ChildProcesses, they_die_with_their_parent_however_it_dies) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  EXPECT_EQ(test::in_child([&] {
              ChildProcesses children;
              children.start([&] {
                [[maybe_unused]] const auto written = ::write(pipe[1], "x", 1);
                do_nothing_for_ever();
              });
              char byte = 0;
              [[maybe_unused]] const auto count = ::read(pipe[0], &byte, 1);  // it lives
              ::_exit(7);                                                     // no destructor
              return 0;
            }),
            7);
  ::close(pipe[1]);
  char byte = 0;
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0);
  ::close(pipe[0]);
}

}  // namespace
}  // namespace dlab::serve
