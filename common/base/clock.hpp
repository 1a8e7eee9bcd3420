#pragma once

#include <chrono>
#include <cstdint>
#include <ctime>

namespace dlab::base {

// CLOCK_MONOTONIC: libstdc++'s steady_clock reads it, every process of the machine shares it.
using Clock = std::chrono::steady_clock;
using TimePoint = Clock::time_point;
using Duration = std::chrono::nanoseconds;

// CLOCK_MONOTONIC in nanoseconds, as it stands in packets, reports and log lines.
inline std::int64_t to_ns(TimePoint time) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

inline TimePoint from_ns(std::int64_t ns) {
  return TimePoint(std::chrono::duration_cast<Clock::duration>(std::chrono::nanoseconds(ns)));
}

// As the kernel's waits take it; not negative.
inline timespec to_timespec(Duration duration) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(duration);
  return {.tv_sec = seconds.count(), .tv_nsec = (duration - seconds).count()};
}

inline double to_seconds(Duration duration) {
  return std::chrono::duration<double>(duration).count();
}

// The moment by which a wait must be over.
class Deadline {
 public:
  static Deadline after(Duration duration) { return Deadline(Clock::now() + duration); }

  // How long is left; never negative.
  [[nodiscard]] Duration left() const {
    const auto left = at_ - Clock::now();
    return left < Duration::zero() ? Duration::zero() : Duration(left);
  }
  [[nodiscard]] bool passed() const { return left() == Duration::zero(); }
  [[nodiscard]] TimePoint at() const { return at_; }

 private:
  explicit Deadline(TimePoint at) : at_(at) {}
  TimePoint at_;
};

}  // namespace dlab::base
