// What a block's rows are compared by.

#include "bench/runner/comparisons.hpp"

#include <gtest/gtest.h>

namespace dlab::bench {
namespace {

// A row that is faster than `slow` by another factor for each measure.
RunRow row(double goodput, double duration, double wall, double p99) {
  RunRow row;
  row.set("status", "ok");
  row.set("goodput_mbit_s", goodput);
  row.set("duration_s", duration);
  row.set("wall_s", wall);
  row.set("startup_s", 1.0);
  row.set("latency_p99_s", p99);
  return row;
}

double ratio_by(Measure measure) {
  Comparisons comparisons({{"a over b", 0, 1, measure, std::nullopt}});
  comparisons.begin_block(2);
  comparisons.add(0, row(200, 5, 2, 0.25));
  comparisons.add(1, row(100, 15, 5, 2));
  return comparisons.estimates().front().geometric_mean;
}

TEST(Comparisons, of_each_measure_more_is_faster) {
  EXPECT_DOUBLE_EQ(ratio_by(Measure::goodput), 2);
  EXPECT_DOUBLE_EQ(ratio_by(Measure::duration), 3);
  EXPECT_DOUBLE_EQ(ratio_by(Measure::transfer), 4);
  EXPECT_DOUBLE_EQ(ratio_by(Measure::latency_p99), 8);
}

TEST(Comparisons, a_ratio_says_that_above_1_is_faster) {
  const CellPair pair{"a over b", 0, 1, Measure::duration, std::nullopt};
  RatioEstimate estimate;
  estimate.n = 9;
  estimate.geometric_mean = 1.52;
  EXPECT_EQ(describe(pair, estimate, true), "a over b: n 9  1.520 (above 1 is faster)");
}

TEST(Comparisons, a_row_that_does_not_count_leaves_its_pair_out) {
  Comparisons comparisons({{"a over b", 0, 1, Measure::goodput, std::nullopt}});
  comparisons.begin_block(2);
  comparisons.add(0, row(200, 1, 2, 1));
  RunRow failed = row(100, 1, 2, 1);
  failed.set("status", "failed");
  comparisons.add(1, failed);
  EXPECT_EQ(comparisons.estimates().front().n, 0U);
}

}  // namespace
}  // namespace dlab::bench
