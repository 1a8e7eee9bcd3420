#pragma once

#include <cstdint>

#include "common/base/clock.hpp"
#include "common/base/random.hpp"

namespace dlab::load {

enum class ArrivalKind {
  constant,  // evenly spaced
  poisson,   // independent of each other: exponential gaps
};

// When requests are due, told by the seed alone: nothing that happens during a run moves them.
class Arrivals {
 public:
  // `rate`: requests per second, above 0.
  Arrivals(ArrivalKind kind, double rate, std::uint64_t seed)
      : kind_(kind), rate_(rate), random_(seed) {}

  // Of the next request, since the start; never earlier than the one before.
  base::Duration next();

 private:
  ArrivalKind kind_;
  double rate_;
  base::SplitMix64 random_;
  double at_s_ = 0;
  std::uint64_t count_ = 0;
};

}  // namespace dlab::load
