#include "bench/runner/side_by_side.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dlab::bench {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

constexpr double kAlone = std::numeric_limits<double>::infinity();

// The runs' loads are told by their indices.
Groups groups(const std::vector<std::size_t>& order, const std::vector<ExpectedLoad>& loads) {
  return groups_of(order, [&](std::size_t index) { return loads.at(index); });
}

TEST(SideBySide, on_loopback_everyone_is_alone) {
  EXPECT_EQ(groups({2, 0, 1}, {{kAlone, 1}, {kAlone, 1}, {kAlone, 1}}), (Groups{{2}, {0}, {1}}));
  EXPECT_EQ(groups({}, {}), Groups{});
}

TEST(SideBySide, a_slow_run_takes_slow_ones_along) {
  const std::vector<ExpectedLoad> loads{{10e6, 1}, {kAlone, 1}, {10e6, 1}, {kAlone, 1}};
  EXPECT_EQ(groups({1, 0, 3, 2}, loads), (Groups{{1}, {0, 2}, {3}}));
}

TEST(SideBySide, a_group_has_no_more_than_the_lanes) {
  const std::vector<ExpectedLoad> loads(6, {1e6, 1});
  EXPECT_EQ(groups({0, 1, 2, 3, 4, 5}, loads), (Groups{{0, 1, 2, 3}, {4, 5}}));
}

TEST(SideBySide, a_group_carries_no_more_than_it_may) {
  const std::vector<ExpectedLoad> loads{{96.5e6, 1}, {48e6, 1}, {96.5e6, 1}, {48e6, 1}, {48e6, 1}};
  EXPECT_EQ(groups({0, 1, 2, 3, 4}, loads), (Groups{{0, 1, 3}, {2, 4}}));
}

TEST(SideBySide, who_fills_more_than_half_of_that_is_alone) {
  const std::vector<ExpectedLoad> loads{{193e6, 1}, {5e6, 1}, {5e6, 1}};
  EXPECT_EQ(groups({0, 1, 2}, loads), (Groups{{0}, {1, 2}}));
  EXPECT_EQ(groups({1, 0, 2}, loads), (Groups{{1, 2}, {0}}));
}

TEST(SideBySide, those_that_take_as_long_go_together) {
  const std::vector<ExpectedLoad> loads{{96e6, 40}, {96e6, 5}, {96e6, 39}, {96e6, 6}};
  EXPECT_EQ(groups({0, 1, 2, 3}, loads), (Groups{{0, 2}, {1, 3}}));
}

}  // namespace
}  // namespace dlab::bench
