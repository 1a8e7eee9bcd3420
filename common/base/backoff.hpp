#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/base/clock.hpp"
#include "common/base/random.hpp"

namespace dlab::base {

// How long to wait before an attempt that follows failures: twice as long each time, from `first`
// to `longest`, times a random number between 1/2 and 1, so that connections that died together do
// not all come back together (Brooker, "Exponential Backoff and Jitter", 2015).
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed, Duration first = std::chrono::milliseconds(100),
                   Duration longest = std::chrono::seconds(5))
      : random_(seed), first_(first), longest_(longest) {}

  // `failures`: in a row so far, at least 1.
  Duration before_attempt(unsigned failures) {
    const double whole =
        std::min(to_seconds(longest_),
                 to_seconds(first_) * static_cast<double>(1U << std::min(failures - 1, 10U)));
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(whole * (0.5 + random_.uniform() / 2)));
  }

 private:
  SplitMix64 random_;
  Duration first_;
  Duration longest_;
};

}  // namespace dlab::base
