#include "common/report/byte_timeline.hpp"

#include <gtest/gtest.h>

#include "common/base/random.hpp"

namespace dlab::report {
namespace {

using namespace std::chrono_literals;

TEST(ByteTimeline, an_empty_one_has_no_bytes_and_no_points) {
  const ByteTimeline timeline;
  EXPECT_EQ(timeline.bytes_until(100), 0);
  EXPECT_TRUE(timeline.points(10).empty());
}

TEST(ByteTimeline, bytes_are_spread_evenly_within_a_millisecond) {
  ByteTimeline timeline;
  timeline.add(2ms, 100);
  EXPECT_EQ(timeline.bytes_until(0.002), 0);
  EXPECT_NEAR(timeline.bytes_until(0.0025), 50, 1e-9);
  EXPECT_NEAR(timeline.bytes_until(0.003), 100, 1e-9);
  EXPECT_NEAR(timeline.bytes_until(1000), 100, 1e-9);
}

TEST(ByteTimeline, times_before_the_start_count_as_the_start) {
  ByteTimeline timeline;
  timeline.add(-5ms, 10);
  EXPECT_NEAR(timeline.bytes_until(0.001), 10, 1e-9);
}

// Whatever the length: nothing is lost, and no moment is wrong by more than a bin's width.
TEST(ByteTimeline, follows_a_list_of_all_arrivals) {
  for (const double length_s : {0.3, 0.5, 0.6, 7.0, 400.0, 90'000.0}) {
    base::SplitMix64 random(static_cast<std::uint64_t>(length_s * 10));
    ByteTimeline timeline;
    std::vector<std::pair<double, std::uint64_t>> all;
    for (int i = 0; i < 2000; ++i) {
      const double time_s = random.uniform() * length_s;
      const std::uint64_t bytes = random.below(1000);
      timeline.add(std::chrono::nanoseconds(static_cast<std::int64_t>(time_s * 1e9)), bytes);
      all.emplace_back(time_s, bytes);
    }
    const double bin_s = std::max(0.001, length_s / 128);
    for (double moment = 0; moment < 1.2 * length_s; moment += length_s / 97) {
      double surely = 0;
      double perhaps = 0;
      for (const auto& [time_s, bytes] : all) {
        surely += time_s < moment - bin_s ? static_cast<double>(bytes) : 0;
        perhaps += time_s < moment + bin_s ? static_cast<double>(bytes) : 0;
      }
      ASSERT_GE(timeline.bytes_until(moment) + 1e-6, surely) << length_s << " at " << moment;
      ASSERT_LE(timeline.bytes_until(moment) - 1e-6, perhaps) << length_s << " at " << moment;
    }
  }
}

TEST(ByteTimeline, its_points_rise_to_the_whole_and_are_no_more_than_asked_for) {
  ByteTimeline timeline;
  for (int i = 0; i < 5000; ++i) {
    timeline.add(std::chrono::milliseconds(i), 3);
  }
  for (const std::size_t limit : {1U, 2U, 10U, 200U, 1000U}) {
    const auto points = timeline.points(limit);
    ASSERT_LE(points.size(), limit);
    ASSERT_FALSE(points.empty());
    EXPECT_EQ(points.back().second, 15'000U);
    EXPECT_GE(points.back().first, 4.999);
    for (std::size_t i = 1; i < points.size(); ++i) {
      EXPECT_GT(points[i].first, points[i - 1].first);
      EXPECT_GE(points[i].second, points[i - 1].second);
    }
  }
}

TEST(ByteTimeline, its_points_begin_with_the_first_byte) {
  ByteTimeline timeline;
  timeline.add(100ms, 7);
  const auto points = timeline.points(200);
  ASSERT_EQ(points.size(), 1U);
  EXPECT_NEAR(points[0].first, 0.101, 1e-9);
  EXPECT_EQ(points[0].second, 7U);
}

}  // namespace
}  // namespace dlab::report
