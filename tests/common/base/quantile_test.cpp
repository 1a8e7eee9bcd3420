#include "common/base/quantile.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace dlab::base {
namespace {

TEST(Quantile, is_the_smallest_value_that_the_share_does_not_exceed) {
  const std::vector<std::int64_t> values = {40, 10, 30, 20};
  EXPECT_EQ(quantile(values, 0), 10);
  EXPECT_EQ(quantile(values, 0.25), 10);
  EXPECT_EQ(quantile(values, 0.26), 20);
  EXPECT_EQ(quantile(values, 0.5), 20);
  EXPECT_EQ(quantile(values, 0.75), 30);
  EXPECT_EQ(quantile(values, 0.99), 40);
  EXPECT_EQ(quantile(values, 1), 40);
  EXPECT_EQ(quantile(std::vector<std::int64_t>{-3}, 0.5), -3);
}

TEST(Quantile, is_the_nearest_rank_of_fractions_too) {
  const std::vector<double> values{50, 15, 40, 20, 35};
  EXPECT_EQ(quantile(values, 0.30), 20);
  EXPECT_EQ(quantile(values, 0.40), 20);
  EXPECT_EQ(quantile(values, 0.50), 35);
  EXPECT_EQ(quantile(values, 1.00), 50);
  EXPECT_EQ(quantile(values, 0.01), 15);
  EXPECT_EQ(quantile(std::vector<double>{}, 0.5), 0);
}

}  // namespace
}  // namespace dlab::base
