#include "common/base/rate_limiter.hpp"

#include <algorithm>

namespace dlab::base {
namespace {

constexpr std::chrono::milliseconds kTurn{5};
constexpr ByteCount kSmallestTurn = 1024;

}  // namespace

ByteCount RateLimiter::quantum() const {
  const double turn_s = to_seconds(kTurn);
  return std::max(kSmallestTurn, static_cast<ByteCount>(rate_.bytes_per_second() * turn_s));
}

void RateLimiter::sent(ByteCount bytes, TimePoint now) {
  const std::chrono::duration<double> cost(static_cast<double>(bytes) / rate_.bytes_per_second());
  // A sender woken late may catch up by one turn, no more.
  due_ = std::max(due_, now - kTurn) + std::chrono::duration_cast<Clock::duration>(cost);
}

}  // namespace dlab::base
