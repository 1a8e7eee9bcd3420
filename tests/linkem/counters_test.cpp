#include "linkem/counters.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

double us(base::Duration duration) {
  return base::to_seconds(duration) * 1e6;
}

TEST(DelayHistogram, without_delays_every_percentile_is_zero) {
  const DelayHistogram histogram;
  EXPECT_EQ(histogram.total(), 0U);
  EXPECT_EQ(histogram.percentile(0), 0ns);
  EXPECT_EQ(histogram.percentile(1), 0ns);
}

TEST(DelayHistogram, small_delays_are_exact_to_a_microsecond) {
  for (std::int64_t delay = 0; delay < 16; ++delay) {
    DelayHistogram histogram;
    histogram.add(std::chrono::microseconds(delay));
    EXPECT_EQ(histogram.percentile(0.5), std::chrono::microseconds(delay));
  }
}

TEST(DelayHistogram, larger_delays_are_right_within_a_thirty_second) {
  for (double delay = 16; delay < 3.6e9; delay *= 1.013) {
    DelayHistogram histogram;
    histogram.add(base::Duration(static_cast<std::int64_t>(delay * 1000)));
    ASSERT_NEAR(us(histogram.percentile(1)), delay, delay / 32 + 1);
  }
}

TEST(DelayHistogram, percentiles_count_the_delays) {
  DelayHistogram histogram;
  for (int ms = 1; ms <= 1000; ++ms) {
    histogram.add(std::chrono::milliseconds(ms));
  }
  EXPECT_EQ(histogram.total(), 1000U);
  EXPECT_NEAR(us(histogram.percentile(0)), 1'000, 40);
  EXPECT_NEAR(us(histogram.percentile(0.5)), 500'000, 16'000);
  EXPECT_NEAR(us(histogram.percentile(0.99)), 990'000, 31'000);
  EXPECT_NEAR(us(histogram.percentile(1)), 1'000'000, 32'000);
}

TEST(DelayHistogram, one_outlier_shows_at_the_end_alone) {
  DelayHistogram histogram;
  for (int i = 0; i < 99; ++i) {
    histogram.add(5us);
  }
  histogram.add(2s);
  EXPECT_EQ(histogram.percentile(0.99), 5us);
  EXPECT_NEAR(us(histogram.percentile(0.991)), 2e6, 2e6 / 32);
}

TEST(DelayHistogram, impossible_delays_fall_into_the_outermost_places) {
  DelayHistogram histogram;
  histogram.add(-5s);
  EXPECT_EQ(histogram.percentile(1), 0ns);
  histogram.add(std::chrono::hours(24 * 365));
  EXPECT_GT(histogram.percentile(1), std::chrono::hours(1));
}

TEST(Punctuality, lateness_is_a_share_of_what_was_delivered) {
  Punctuality kept;
  EXPECT_EQ(kept.late_pct(), 0);
  kept.delivered_packets = 200;
  kept.late_packets = 3;
  EXPECT_DOUBLE_EQ(kept.late_pct(), 1.5);
}

}  // namespace
}  // namespace dlab::linkem
