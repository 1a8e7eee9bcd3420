#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "common/base/clock.hpp"

namespace dlab::load {

// How often which duration was seen, in 440 KiB however many there are: every duration from 1 ns
// to 584 years lies in a slot no wider than a 1024th of itself (three significant digits), the
// layout of Tene's HdrHistogram. Negative durations count as zero.
//
//   ns            0 ... 2047   2048 ... 4095   4096 ... 8191   8192 ...
//   slot width         1             2               4             8
class Histogram {
 public:
  // A value it returns is at most this share above the one it stands for.
  static constexpr double kPrecision = 1.0 / 1024;

  void add(base::Duration duration);
  // As if all that `other` saw had been added here.
  void merge(const Histogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  // The nearest rank, as base::quantile; the slot's upper end, never above max(). Zero when empty.
  [[nodiscard]] base::Duration quantile(double share) const;
  [[nodiscard]] base::Duration max() const { return base::Duration(max_); }
  // In seconds, exact but for rounding. Zero when empty.
  [[nodiscard]] double mean_s() const;

 private:
  std::vector<std::uint64_t> slots_;  // grows to the largest one seen
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
  double sum_s_ = 0;
};

}  // namespace dlab::load
