#pragma once

#include <cstdint>
#include <span>
#include <utility>

namespace dlab::base {

// SplitMix64 (Steele, Lea, Flood 2014): the same numbers from the same seed with every compiler,
// which std::uniform_int_distribution and std::shuffle do not promise.
class SplitMix64 {
 public:
  explicit SplitMix64(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31U);
  }

  // A whole number from 0 to bound - 1; bound at least 1. Its bias is below bound / 2^64.
  std::uint64_t below(std::uint64_t bound) { return next() % bound; }

  // A number in [0, 1) with 53 random bits.
  double uniform() { return static_cast<double>(next() >> 11U) * 0x1.0p-53; }

 private:
  std::uint64_t state_;
};

// Fisher and Yates' shuffle (Durstenfeld 1964).
template <typename T>
void shuffle(std::span<T> items, SplitMix64& random) {
  for (std::size_t left = items.size(); left > 1; --left) {
    std::swap(items[left - 1], items[random.below(left)]);
  }
}

}  // namespace dlab::base
