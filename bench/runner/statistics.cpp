#include "bench/runner/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <numeric>
#include <vector>

namespace dlab::bench {
namespace {

constexpr double kConfidence = 0.95;
constexpr double kStoppingConfidence = 0.99;

double mean(std::span<const double> values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

// Half the width of Student's interval for the mean of at least two values.
double half_width(std::span<const double> values, double confidence) {
  const double center = mean(values);
  const auto n = static_cast<double>(values.size());
  double squares = 0;
  for (const double value : values) {
    squares += (value - center) * (value - center);
  }
  const boost::math::students_t distribution(n - 1);
  const double t = boost::math::quantile(distribution, (1 + confidence) / 2);
  return t * std::sqrt(squares / (n - 1) / n);
}

}  // namespace

double median(std::span<const double> values) {
  if (values.empty()) {
    return 0;
  }
  std::vector<double> sorted(values.begin(), values.end());
  std::ranges::sort(sorted);
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

RatioEstimate estimate_ratio(std::span<const std::pair<double, double>> pairs) {
  std::vector<double> logarithms;
  for (const auto& [first, second] : pairs) {
    if (std::isfinite(first) && std::isfinite(second) && first > 0 && second > 0) {
      logarithms.push_back(std::log(first / second));
    }
  }
  RatioEstimate estimate;
  estimate.n = logarithms.size();
  if (logarithms.empty()) {
    return estimate;
  }
  const double center = mean(logarithms);
  estimate.geometric_mean = std::exp(center);
  // The median of ratios, not of logarithms: the two differ when n is even.
  std::vector<double> ratios(logarithms.size());
  std::ranges::transform(logarithms, ratios.begin(), [](double x) { return std::exp(x); });
  estimate.median = median(ratios);
  if (logarithms.size() > 1) {
    const auto interval = [&](double confidence) {
      const double half = half_width(logarithms, confidence);
      return std::pair(std::exp(center - half), std::exp(center + half));
    };
    estimate.interval = interval(kConfidence);
    estimate.stopping_interval = interval(kStoppingConfidence);
  }
  return estimate;
}

}  // namespace dlab::bench
