#include "bench/runner/stopping.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace dlab::bench {
namespace {

const Effort kEffort{8, 20, 100, 1.1};

// With this 99 % interval.
RatioEstimate ratio(std::size_t n, double low, double high) {
  RatioEstimate estimate;
  estimate.n = n;
  estimate.stopping_interval = {low, high};
  return estimate;
}

TEST(Stopping, narrow_intervals_stop_at_a_look) {
  const std::vector<RatioEstimate> narrow{ratio(10, 1.48, 1.52), ratio(8, 0.99, 1.01)};
  EXPECT_EQ(should_stop(kEffort, 10, 10, narrow), StopReason::narrow);
}

TEST(Stopping, nobody_looks_between_the_looks) {
  const std::vector<RatioEstimate> narrow{ratio(9, 1.48, 1.52)};
  for (const int blocks : {1, 4, 6, 8, 9, 11, 19}) {
    EXPECT_EQ(should_stop(kEffort, blocks, 1, narrow), std::nullopt) << blocks;
  }
}

TEST(Stopping, nothing_is_narrow_before_eight_pairs) {
  const std::vector<RatioEstimate> narrow{ratio(7, 1.01, 1.02)};
  EXPECT_EQ(should_stop(kEffort, 10, 10, narrow), std::nullopt);
}

TEST(Stopping, five_pairs_do_where_all_is_far_from_one) {
  EXPECT_EQ(should_stop(kEffort, 5, 10, std::vector{ratio(5, 3, 9), ratio(5, 0.2, 0.6)}),
            StopReason::narrow);
  EXPECT_EQ(should_stop(kEffort, 5, 10, std::vector{ratio(5, 3, 9), ratio(5, 0.2, 0.7)}),
            std::nullopt);
  EXPECT_EQ(should_stop(kEffort, 5, 10, std::vector{ratio(4, 3, 9)}), std::nullopt);
}

TEST(Stopping, one_wide_interval_keeps_it_going) {
  const std::vector<RatioEstimate> mixed{ratio(10, 1.48, 1.52), ratio(10, 0.8, 1.2)};
  EXPECT_EQ(should_stop(kEffort, 10, 10, mixed), std::nullopt);
}

TEST(Stopping, a_ratio_that_can_never_have_pairs_has_no_say) {
  const std::vector<RatioEstimate> one_missing{ratio(10, 1.48, 1.52), RatioEstimate{}};
  EXPECT_EQ(should_stop(kEffort, 10, 10, one_missing), StopReason::narrow);
}

TEST(Stopping, no_ratio_with_pairs_is_no_reason_to_stop) {
  const std::vector<RatioEstimate> none(2);
  EXPECT_EQ(should_stop(kEffort, 10, 10, none), std::nullopt);
}

TEST(Stopping, the_most_blocks_end_it) {
  const std::vector<RatioEstimate> wide{ratio(20, 0.5, 2)};
  EXPECT_EQ(should_stop(kEffort, 20, 10, wide), StopReason::blocks);
}

TEST(Stopping, a_block_that_would_not_fit_the_budget_is_not_begun) {
  const std::vector<RatioEstimate> wide{ratio(4, 0.5, 2)};
  EXPECT_EQ(should_stop(kEffort, 4, 79, wide), std::nullopt);
  EXPECT_EQ(should_stop(kEffort, 4, 81, wide), StopReason::budget);
}

}  // namespace
}  // namespace dlab::bench
