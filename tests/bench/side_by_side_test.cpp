#include "bench/runner/side_by_side.hpp"

#include <gtest/gtest.h>

#include <set>

namespace dlab::bench {
namespace {

using Groups = std::vector<std::vector<std::size_t>>;

Groups groups(const std::vector<std::size_t>& order, const std::set<std::size_t>& beside) {
  return groups_of(order, [&](std::size_t index) { return beside.contains(index); });
}

TEST(SideBySide, without_slow_cells_everyone_is_alone) {
  EXPECT_EQ(groups({2, 0, 1}, {}), (Groups{{2}, {0}, {1}}));
  EXPECT_EQ(groups({}, {}), Groups{});
}

TEST(SideBySide, a_slow_cell_takes_the_next_slow_one_along) {
  EXPECT_EQ(groups({4, 0, 1, 2, 3}, {0, 2}), (Groups{{4}, {0, 2}, {1}, {3}}));
}

TEST(SideBySide, a_group_has_no_more_than_the_lanes) {
  EXPECT_EQ(groups({0, 1, 2, 3, 4}, {0, 1, 2, 3, 4}), (Groups{{0, 1}, {2, 3}, {4}}));
}

TEST(SideBySide, one_slow_cell_is_alone) {
  EXPECT_EQ(groups({1, 0}, {1}), (Groups{{1}, {0}}));
}

}  // namespace
}  // namespace dlab::bench
