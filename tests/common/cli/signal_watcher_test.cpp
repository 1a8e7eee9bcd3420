#include "common/cli/signal_watcher.hpp"

#include <gtest/gtest.h>
#include <sys/types.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <future>

#include "tests/common/support/child.hpp"
#include "tests/common/support/spent.hpp"

namespace dlab::cli {
namespace {

bool is_heard(int signal) {
  const BlockedSignals blocked;
  std::promise<void> heard;
  const SignalWatcher watcher(blocked, [&] { heard.set_value(); });
  ::kill(::getpid(), signal);
  heard.get_future().wait();
  return true;
}

TEST(SignalWatcher, sigterm_and_sigint_become_a_call) {
  const int descriptors = test::open_descriptors();
  const int threads = test::running_threads();
  EXPECT_TRUE(is_heard(SIGTERM));
  EXPECT_TRUE(is_heard(SIGINT));
  EXPECT_EQ(test::open_descriptors(), descriptors);
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(SignalWatcher, without_a_signal_nothing_is_called) {
  std::atomic<bool> called = false;
  {
    const BlockedSignals blocked;
    const SignalWatcher watcher(blocked, [&] { called = true; });
  }
  EXPECT_FALSE(called);
}

TEST(SignalWatcher, afterwards_signals_do_what_they_did_before) {
  EXPECT_EQ(test::in_child([] {
              is_heard(SIGTERM);
              std::signal(SIGTERM, [](int) { ::_exit(7); });
              std::raise(SIGTERM);
              return 0;
            }),
            7);
}

// Who asks twice does not want to wait for a tidy end.
TEST(SignalWatcher, a_second_signal_ends_the_process_at_once) {
  EXPECT_EQ(test::in_child([] {
              const BlockedSignals blocked;
              std::promise<void> heard;
              const SignalWatcher watcher(blocked, [&] { heard.set_value(); });
              ::kill(::getpid(), SIGTERM);
              heard.get_future().wait();
              ::kill(::getpid(), SIGINT);
              ::pause();
              return 0;
            }),
            1);
}

}  // namespace
}  // namespace dlab::cli
