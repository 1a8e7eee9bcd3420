#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/base/clock.hpp"
#include "common/base/random.hpp"

namespace dlab::part3 {

// How long to wait before an attempt that follows failures: twice as long each time, from 100 ms
// to 5 s, times a random number between 1/2 and 1, so that connections that died together do not
// all come back together (Brooker, "Exponential Backoff and Jitter", 2015).
class Backoff {
 public:
  explicit Backoff(std::uint64_t seed) : random_(seed) {}

  // `failures`: in a row so far, at least 1.
  base::Duration before_attempt(unsigned failures) {
    constexpr double kFirst = 0.1;
    constexpr double kLongest = 5;
    const double whole =
        std::min(kLongest, kFirst * static_cast<double>(1U << std::min(failures - 1, 10U)));
    return std::chrono::duration_cast<base::Duration>(
        std::chrono::duration<double>(whole * (0.5 + random_.uniform() / 2)));
  }

 private:
  base::SplitMix64 random_;
};

}  // namespace dlab::part3
