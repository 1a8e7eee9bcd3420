#include "part4_mirrors/alarm.hpp"

#include <utility>

namespace dlab::part4 {

Alarm::Alarm(base::TimePoint at, std::function<void()> ring)
    : worker_([this, at, ring = std::move(ring)](const std::stop_token& stop) {
        {
          std::unique_lock lock(mutex_);
          changed_.wait_until(lock, stop, at, [] { return false; });
        }
        if (!stop.stop_requested()) {
          ring();
        }
      }) {}

}  // namespace dlab::part4
