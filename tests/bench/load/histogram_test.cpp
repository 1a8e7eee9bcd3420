#include "bench/load/histogram.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <vector>

#include "common/base/quantile.hpp"
#include "common/base/random.hpp"

namespace dlab::load {
namespace {

using base::Duration;

constexpr auto kShares = std::to_array({0.0, 0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0});

// Durations of every magnitude from nanoseconds to hours, each magnitude as likely as another.
std::vector<Duration> random_durations(std::size_t count, std::uint64_t seed) {
  base::SplitMix64 random(seed);
  std::vector<Duration> durations;
  for (std::size_t i = 0; i < count; ++i) {
    const auto bits = random.below(44);
    durations.emplace_back(static_cast<std::int64_t>(random.next() >> (63 - bits)));
  }
  return durations;
}

Histogram filled(const std::vector<Duration>& durations) {
  Histogram histogram;
  for (const auto duration : durations) {
    histogram.add(duration);
  }
  return histogram;
}

void expect_quantiles_of(const Histogram& histogram, const std::vector<Duration>& durations) {
  for (const double share : kShares) {
    const auto exact = base::quantile(durations, share);
    const auto told = histogram.quantile(share);
    EXPECT_GE(told, exact) << share;
    EXPECT_LE(static_cast<double>((told - exact).count()),
              Histogram::kPrecision * static_cast<double>(exact.count()))
        << share;
  }
}

TEST(Histogram, an_empty_one_tells_zeros) {
  const Histogram histogram;
  EXPECT_EQ(histogram.count(), 0U);
  EXPECT_EQ(histogram.quantile(0.5), Duration(0));
  EXPECT_EQ(histogram.max(), Duration(0));
  EXPECT_EQ(histogram.mean_s(), 0);
}

TEST(Histogram, small_durations_are_told_exactly) {
  const auto histogram = filled({Duration(3), Duration(1), Duration(2047), Duration(2)});
  EXPECT_EQ(histogram.quantile(0), Duration(1));
  EXPECT_EQ(histogram.quantile(0.5), Duration(2));
  EXPECT_EQ(histogram.quantile(0.75), Duration(3));
  EXPECT_EQ(histogram.quantile(1), Duration(2047));
}

TEST(Histogram, quantiles_are_within_a_1024th_above_the_exact_ones) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    const auto durations = random_durations(1 + seed * 37, seed);
    SCOPED_TRACE(seed);
    expect_quantiles_of(filled(durations), durations);
  }
}

TEST(Histogram, the_edges_of_every_magnitude_find_their_slots) {
  for (unsigned bits = 0; bits < 63; ++bits) {
    const auto power = std::int64_t{1} << bits;
    for (const auto ns : {power - 1, power, power + (power >> 10U), 2 * (power - 1) + 1}) {
      const std::vector<Duration> durations{Duration(ns), Duration::max()};
      const auto told = filled(durations).quantile(0.5);
      EXPECT_GE(told.count(), ns);
      EXPECT_LE(static_cast<double>(told.count() - ns),
                Histogram::kPrecision * static_cast<double>(ns));
    }
  }
}

TEST(Histogram, no_quantile_lies_above_the_longest) {
  const auto longest = std::chrono::milliseconds(1234);
  const auto histogram = filled({Duration(1), longest, longest});
  EXPECT_EQ(histogram.max(), longest);
  EXPECT_EQ(histogram.quantile(0.999), longest);
}

TEST(Histogram, a_merged_one_is_as_if_it_had_seen_all) {
  const auto some = random_durations(1000, 5);
  const auto more = random_durations(300, 6);
  auto all = some;
  all.insert(all.end(), more.begin(), more.end());
  auto merged = filled(some);
  merged.merge(filled(more));
  const auto whole = filled(all);
  EXPECT_EQ(merged.count(), 1300U);
  EXPECT_EQ(merged.max(), whole.max());
  EXPECT_NEAR(merged.mean_s(), whole.mean_s(), whole.mean_s() * 1e-12);
  for (const double share : kShares) {
    EXPECT_EQ(merged.quantile(share), whole.quantile(share)) << share;
  }
}

TEST(Histogram, the_mean_is_exact) {
  EXPECT_DOUBLE_EQ(filled({Duration(1'000'000'001), Duration(2'000'000'002)}).mean_s(),
                   1.5000000015);
}

TEST(Histogram, a_negative_duration_counts_as_none) {
  const auto histogram = filled({Duration(-5)});
  EXPECT_EQ(histogram.count(), 1U);
  EXPECT_EQ(histogram.max(), Duration(0));
  EXPECT_EQ(histogram.mean_s(), 0);
}

}  // namespace
}  // namespace dlab::load
