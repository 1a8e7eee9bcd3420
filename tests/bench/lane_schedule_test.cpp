#include "bench/runner/lane_schedule.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dlab::bench {
namespace {

using Turns = std::vector<std::size_t>;
using Loads = std::vector<ExpectedLoad>;

constexpr double kNobodyBeside = std::numeric_limits<double>::infinity();
constexpr ExpectedLoad kLoopback{kNobodyBeside, 1};
constexpr ExpectedLoad kSlow{10e6, 10};
constexpr ExpectedLoad kWan{96.5e6, 10};

Turns turns(const Turns& order, const Loads& loads) {
  return turns_of(order, loads);
}

TEST(TurnsOf, those_that_are_alone_keep_their_order) {
  EXPECT_EQ(turns({2, 0, 1}, Loads(3, kLoopback)), (Turns{2, 0, 1}));
  EXPECT_EQ(turns({}, {}), Turns{});
}

TEST(TurnsOf, the_kind_of_the_first_run_comes_first) {
  const Loads loads{kSlow, kLoopback, kSlow, kLoopback};
  EXPECT_EQ(turns({3, 0, 1, 2}, loads), (Turns{3, 1, 0, 2}));
  EXPECT_EQ(turns({2, 3, 0, 1}, loads), (Turns{2, 0, 3, 1}));
}

TEST(TurnsOf, long_runs_begin_before_short_ones) {
  const Loads loads{{10e6, 15}, {10e6, 80}, {10e6, 10}, {10e6, 60}};
  EXPECT_EQ(turns({0, 1, 2, 3}, loads), (Turns{1, 3, 0, 2}));
  EXPECT_EQ(turns({2, 3, 0, 1}, loads), (Turns{3, 1, 2, 0}));
}

TEST(TurnsOf, how_long_somebody_is_alone_makes_nobody_else_short) {
  const Loads loads{{kNobodyBeside, 500}, {10e6, 20}, {10e6, 30}};
  EXPECT_EQ(turns({0, 1, 2}, loads), (Turns{0, 1, 2}));
}

TEST(NextToStart, the_first_where_nothing_runs) {
  EXPECT_EQ(next_to_start(Loads{kLoopback, kSlow}, {}), 0U);
  EXPECT_EQ(next_to_start({}, {}), std::nullopt);
}

TEST(NextToStart, nobody_beside_one_that_has_to_be_alone) {
  EXPECT_EQ(next_to_start(Loads{kSlow}, Loads{kLoopback}), std::nullopt);
  EXPECT_EQ(next_to_start(Loads{kLoopback}, Loads{kSlow}), std::nullopt);
  EXPECT_EQ(next_to_start(Loads{{101e6, 1}}, Loads{kSlow}), std::nullopt);
}

TEST(NextToStart, no_more_than_the_lanes) {
  EXPECT_EQ(next_to_start(Loads{kSlow}, Loads(kLanes - 1, kSlow)), 0U);
  EXPECT_EQ(next_to_start(Loads{kSlow}, Loads(kLanes, kSlow)), std::nullopt);
}

TEST(NextToStart, the_first_for_which_there_is_room) {
  EXPECT_EQ(next_to_start(Loads{kWan, kSlow}, Loads{kWan}), 0U);
  EXPECT_EQ(next_to_start(Loads{kWan, kWan}, Loads{kWan, kSlow}), std::nullopt);
  EXPECT_EQ(next_to_start(Loads{kWan, kSlow}, Loads{kWan, kSlow}), 1U);
}

TEST(NextToStart, nobody_overtakes_one_that_has_to_be_alone) {
  EXPECT_EQ(next_to_start(Loads{kLoopback, kSlow}, Loads{kSlow}), std::nullopt);
}

TEST(Makespan, alone_one_after_the_other_else_at_the_same_time) {
  EXPECT_DOUBLE_EQ(makespan_s({}), 0);
  EXPECT_DOUBLE_EQ(makespan_s(Loads(3, kLoopback)), 3);
  EXPECT_DOUBLE_EQ(makespan_s(Loads(kLanes, kSlow)), 10);
  EXPECT_DOUBLE_EQ(makespan_s(Loads(kLanes + 1, kSlow)), 20);
  EXPECT_DOUBLE_EQ(makespan_s(Loads{kLoopback, kSlow, kSlow}), 11);
  EXPECT_DOUBLE_EQ(makespan_s(Loads{kWan, kWan, kWan, kSlow}), 20);
}

TEST(Makespan, short_runs_fill_a_lane_while_a_long_one_runs) {
  EXPECT_DOUBLE_EQ(makespan_s(Loads{{10e6, 80}, {96e6, 20}, {96e6, 20}, {96e6, 20}, {96e6, 20}}),
                   80);
}

}  // namespace
}  // namespace dlab::bench
