#include "bench/runner/order.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dlab::bench {
namespace {

TEST(Order, every_cell_runs_once) {
  auto order = random_order(20, 1);
  std::ranges::sort(order);
  for (std::size_t i = 0; i < order.size(); ++i) {
    EXPECT_EQ(order[i], i);
  }
}

TEST(Order, the_same_seed_gives_the_same_order_on_every_machine) {
  EXPECT_NE(random_order(20, 1), random_order(20, 2));
  EXPECT_EQ(random_order(6, 42), (std::vector<std::size_t>{4, 3, 0, 2, 5, 1}));
}

TEST(Order, what_one_experiment_draws_does_not_depend_on_the_others) {
  EXPECT_EQ(derive_seed(7, "stages", 3), derive_seed(7, "stages", 3));
  EXPECT_NE(derive_seed(7, "stages", 3), derive_seed(7, "stages", 4));
  EXPECT_NE(derive_seed(7, "stages", 3), derive_seed(7, "sizes", 3));
  EXPECT_NE(derive_seed(7, "stages", 3), derive_seed(8, "stages", 3));
}

}  // namespace
}  // namespace dlab::bench
