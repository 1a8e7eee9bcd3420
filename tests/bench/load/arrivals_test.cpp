#include "bench/load/arrivals.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <vector>

namespace dlab::load {
namespace {

using namespace std::chrono_literals;

std::vector<base::Duration> first_of(ArrivalKind kind, double rate, std::uint64_t seed,
                                     std::size_t count) {
  Arrivals arrivals(kind, rate, seed);
  std::vector<base::Duration> moments;
  for (std::size_t i = 0; i < count; ++i) {
    moments.push_back(arrivals.next());
  }
  return moments;
}

std::vector<double> gaps_of(const std::vector<base::Duration>& moments) {
  std::vector<double> gaps;
  for (std::size_t i = 1; i < moments.size(); ++i) {
    gaps.push_back(base::to_seconds(moments[i] - moments[i - 1]));
  }
  return gaps;
}

TEST(Arrivals, constant_ones_are_evenly_spaced_from_the_start_on) {
  EXPECT_EQ(first_of(ArrivalKind::constant, 100, 1, 4),
            (std::vector<base::Duration>{0ms, 10ms, 20ms, 30ms}));
}

TEST(Arrivals, constant_ones_do_not_drift) {
  const auto moments = first_of(ArrivalKind::constant, 3, 1, 3'000'001);
  EXPECT_EQ(moments.back(), 1'000'000s);
}

// The mean of n gaps has a standard deviation of 1 / (rate * sqrt(n)).
TEST(Arrivals, poisson_ones_keep_the_rate) {
  constexpr std::size_t kCount = 40'000;
  const auto moments = first_of(ArrivalKind::poisson, 250, 7, kCount);
  EXPECT_TRUE(std::ranges::is_sorted(moments));
  const double expected = static_cast<double>(kCount) / 250;
  EXPECT_NEAR(base::to_seconds(moments.back()), expected, 4 * expected / std::sqrt(kCount));
}

// P(gap > k means) = exp(-k); a share of n draws has a standard deviation of sqrt(p (1 - p) / n).
TEST(Arrivals, poisson_gaps_are_exponential) {
  constexpr std::size_t kCount = 40'000;
  const auto gaps = gaps_of(first_of(ArrivalKind::poisson, 1000, 11, kCount));
  for (const double means : {0.1, 0.5, 1.0, 2.0, 4.0}) {
    const auto longer = std::ranges::count_if(gaps, [&](double gap) { return gap > means / 1000; });
    const double share = static_cast<double>(longer) / static_cast<double>(gaps.size());
    const double expected = std::exp(-means);
    EXPECT_NEAR(share, expected, 4 * std::sqrt(expected * (1 - expected) / kCount)) << means;
  }
}

TEST(Arrivals, the_seed_alone_decides) {
  const auto moments = first_of(ArrivalKind::poisson, 10, 3, 100);
  EXPECT_EQ(moments, first_of(ArrivalKind::poisson, 10, 3, 100));
  EXPECT_NE(moments, first_of(ArrivalKind::poisson, 10, 4, 100));
}

}  // namespace
}  // namespace dlab::load
