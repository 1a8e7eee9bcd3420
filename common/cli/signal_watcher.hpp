#pragma once

#include <signal.h>

#include <functional>
#include <latch>
#include <thread>

#include "common/base/file_descriptor.hpp"
#include "common/base/wakeup.hpp"

namespace dlab::cli {

// SIGINT, SIGTERM and SIGHUP, held back from this thread and from all that it starts while this
// lives; but for those that the process ignores, as nohup(1) and a shell's `&` have it: they are
// not heard. To be made before other threads: one that does not hold them back would die of them.
class BlockedSignals {
 public:
  BlockedSignals();
  ~BlockedSignals();
  BlockedSignals(const BlockedSignals&) = delete;
  BlockedSignals& operator=(const BlockedSignals&) = delete;

  [[nodiscard]] const sigset_t& set() const { return set_; }

 private:
  sigset_t set_{};
  sigset_t before_{};
};

// Turns those signals into a call on a thread of its own, where everything is allowed that a
// signal handler is not. A second signal ends the process at once with exit code 1.
class SignalWatcher {
 public:
  // `on_signal` must be safe to call from another thread; it must not throw.
  SignalWatcher(const BlockedSignals& blocked, std::function<void()> on_signal);
  ~SignalWatcher();
  SignalWatcher(const SignalWatcher&) = delete;
  SignalWatcher& operator=(const SignalWatcher&) = delete;

 private:
  void work();

  std::function<void()> on_signal_;
  base::FileDescriptor signals_;  // signalfd(2)
  base::Wakeup end_;
  std::latch at_work_{1};  // passed once the thread runs
  std::jthread worker_;
};

}  // namespace dlab::cli
