#pragma once

#include <exception>
#include <functional>
#include <mutex>
#include <utility>

namespace dlab::download {

// The end of a download before it is done, for the first reason that is given. Thread-safe.
class EarlyEnd {
 public:
  // `break_off` makes all that waits fail soon, whatever is waited for; it may be called by any
  // thread, and once at most.
  explicit EarlyEnd(std::function<void()> break_off) : break_off_(std::move(break_off)) {}

  void demand(std::exception_ptr why) {
    const std::lock_guard lock(mutex_);
    if (!why_) {
      why_ = std::move(why);
      break_off_();
    }
  }

  // What a failure means after that: throws the reason.
  void rethrow_if_demanded() {
    const std::lock_guard lock(mutex_);
    if (why_) {
      std::rethrow_exception(why_);
    }
  }

 private:
  std::function<void()> break_off_;
  std::mutex mutex_;
  std::exception_ptr why_;  // guarded by mutex_
};

}  // namespace dlab::download
