#pragma once

#include "common/base/clock.hpp"
#include "common/base/units.hpp"

namespace dlab::base {

// Spreads bytes evenly over time: says when the next byte is due. Pure: the clock is handed in.
// Time not used is not saved up for a burst beyond one `quantum`.
class RateLimiter {
 public:
  // `rate`: bits per second, above 0. `start`: when the first byte is due.
  RateLimiter(BitRate rate, TimePoint start) : rate_(rate), due_(start) {}

  // Bytes worth sending in one go: what the rate carries in 5 ms, at least one small packet.
  [[nodiscard]] ByteCount quantum() const;

  // When may the next byte leave?
  [[nodiscard]] TimePoint due() const { return due_; }

  // Tells that `bytes` left at `now`.
  void sent(ByteCount bytes, TimePoint now);

 private:
  BitRate rate_;
  TimePoint due_;
};

}  // namespace dlab::base
