#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "common/base/clock.hpp"

namespace dlab::part4 {

// A deadline that the user has set for the whole download has passed.
class DeadlinePassed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Calls `ring` at a moment, from a thread of its own, unless it ends before that.
class Alarm {
 public:
  Alarm(base::TimePoint at, std::function<void()> ring);

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread worker_;  // last: it uses the others
};

}  // namespace dlab::part4
