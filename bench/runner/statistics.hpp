#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace dlab::bench {

// How many times larger the first of each pair is than the second.
struct RatioEstimate {
  std::size_t n = 0;  // pairs that count
  double geometric_mean = 0;
  double median = 0;
  // 95 % interval of the geometric mean; blank for fewer than two pairs.
  std::optional<std::pair<double, double>> interval;
  // The same at 99 %, for deciding whether to stop: who looks several times needs to be surer.
  std::optional<std::pair<double, double>> stopping_interval;
};

// The geometric mean of the pairs' ratios with Student's interval on their logarithms. Pairs with
// a number that is not positive and finite do not count.
RatioEstimate estimate_ratio(std::span<const std::pair<double, double>> pairs);

// Of any numbers; 0 for none.
double median(std::span<const double> values);

}  // namespace dlab::bench
