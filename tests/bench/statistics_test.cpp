#include "bench/runner/statistics.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <vector>

#include <nlohmann/json.hpp>

#include "bench/runner/json_object.hpp"

namespace dlab::bench {
namespace {

using Pairs = std::vector<std::pair<double, double>>;

// The plots compute the same figures; this file holds both to them.
TEST(Statistics, ratios_agree_with_the_fixture) {
  const auto fixture = read_json_file(DLAB_SOURCE_DIR "/tests/bench/ratio_fixture.json");
  for (const auto& expected : fixture.at("cases")) {
    SCOPED_TRACE(expected.at("name").get<std::string>());
    const auto estimate = estimate_ratio(expected.at("pairs").get<Pairs>());
    EXPECT_EQ(estimate.n, expected.at("n").get<std::size_t>());
    EXPECT_NEAR(estimate.geometric_mean, expected.at("geometric_mean").get<double>(), 1e-9);
    EXPECT_NEAR(estimate.median, expected.at("median").get<double>(), 1e-9);
    ASSERT_EQ(estimate.interval.has_value(), expected.contains("low"));
    if (estimate.interval) {
      EXPECT_NEAR(estimate.interval->first, expected.at("low").get<double>(), 1e-6);
      EXPECT_NEAR(estimate.interval->second / expected.at("high").get<double>(), 1, 1e-9);
    }
  }
}

TEST(Statistics, a_pair_with_a_hole_does_not_count) {
  const double hole = std::numeric_limits<double>::quiet_NaN();
  const Pairs pairs{{2, 1}, {hole, 1}, {1, 0}, {8, 1}};
  EXPECT_EQ(estimate_ratio(pairs).n, 2U);
  EXPECT_NEAR(estimate_ratio(pairs).geometric_mean, 4, 1e-12);
}

TEST(Statistics, no_pairs_give_no_estimate) {
  EXPECT_EQ(estimate_ratio({}).n, 0U);
  EXPECT_FALSE(estimate_ratio({}).interval.has_value());
}

TEST(Statistics, the_median_of_an_even_number_lies_between_the_middle_two) {
  EXPECT_EQ(median(std::vector<double>{4, 1, 3, 2}), 2.5);
  EXPECT_EQ(median(std::vector<double>{3, 1, 2}), 2);
}

}  // namespace
}  // namespace dlab::bench
