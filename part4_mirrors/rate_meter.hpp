#pragma once

#include <cstdint>
#include <optional>

#include "common/base/clock.hpp"

namespace dlab::part4 {

// Goodput while something is being waited for: bytes over the last whole window of busy time. Idle
// times do not count, a stall does. Pure: moments go in, in their order. Not thread-safe.
class RateMeter {
 public:
  explicit RateMeter(base::Duration window) : window_(window) {}

  // From now on bytes are waited for; and no longer.
  void begin(base::TimePoint now);
  void end(base::TimePoint now);
  void add(std::uint64_t bytes, base::TimePoint now);

  // Bytes per second; nothing before a window has passed or the first work has ended.
  [[nodiscard]] std::optional<double> rate(base::TimePoint now) const;

 private:
  [[nodiscard]] base::Duration busy_until(base::TimePoint now) const;
  void close_window(base::TimePoint now);

  base::Duration window_;
  std::optional<base::TimePoint> busy_since_;  // what lies before it is in busy_ already
  base::Duration busy_{0};                     // of this window
  std::uint64_t bytes_ = 0;                    // of this window
  std::optional<double> last_;                 // the window before it
};

}  // namespace dlab::part4
