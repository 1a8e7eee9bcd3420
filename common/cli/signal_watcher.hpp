#pragma once

#include <functional>
#include <thread>

#include <signal.h>

#include "common/base/file_descriptor.hpp"

namespace dlab::cli {

// Turns SIGINT and SIGTERM into a call on a thread of its own, where everything is allowed that a
// signal handler is not. Must be made before any other thread, so that all of them inherit the
// blocked signals. A second signal ends the process at once with exit code 1.
class SignalWatcher {
 public:
  // `on_signal` must be safe to call from another thread; it must not throw.
  explicit SignalWatcher(std::function<void()> on_signal);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  void work();

  std::function<void()> on_signal_;
  sigset_t before_{};
  base::FileDescriptor signals_;  // signalfd(2)
  base::FileDescriptor end_;      // eventfd(2)
  std::jthread worker_;
};

}  // namespace dlab::cli
