#include "bench/runner/link_estimate.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "tests/bench/cell.hpp"

namespace dlab::bench {
namespace {

TEST(LinkEstimate, loopback_has_no_rate_and_takes_no_time) {
  EXPECT_TRUE(std::isinf(expected_rate(cell({{"link", "loopback"}}))));
  EXPECT_EQ(estimate_link_s(cell({{"link", "loopback"}}), 1e9), 0);
  EXPECT_TRUE(std::isinf(load_on_the_machine(cell({{"link", "loopback"}}))));
}

TEST(LinkEstimate, losses_hold_each_connection_to_the_law_of_mathis) {
  const double one = expected_rate(cell({{"link", "noisy"}, {"connections", "1"}}));
  EXPECT_NEAR(one, 1.2 * 11584 / (0.02 * 0.1), 1e3);
  EXPECT_NEAR(expected_rate(cell({{"link", "noisy"}, {"connections", "5"}})), 5 * one, 1e3);
}

TEST(LinkEstimate, bbr_takes_no_loss_for_congestion) {
  const Settings settings{{"link", "noisy"}, {"congestion_requested", "bbr"}};
  EXPECT_DOUBLE_EQ(expected_rate(cell(settings)), 96.5e6);
}

TEST(LinkEstimate, the_server_s_cap_holds_each_connection) {
  EXPECT_DOUBLE_EQ(
      expected_rate(cell({{"link", "cap"}, {"limit_rate_mbit_s", "10"}, {"connections", "5"}})),
      50e6);
}

TEST(LinkEstimate, mirrors_have_a_link_each) {
  const Settings settings{{"link", "mirror"},
                          {"mirrors", "well,well,well,slow"},
                          {"schedule", "adaptive"},
                          {"connections", "8"}};
  EXPECT_DOUBLE_EQ(expected_rate(cell(settings)), 3.1 * 25e6 * 0.965);
  EXPECT_TRUE(std::isinf(load_on_the_machine(cell(settings))));
}

TEST(LinkEstimate, the_machine_carries_the_background_too) {
  const double one = expected_rate(cell({{"link", "noisy"}}));
  EXPECT_DOUBLE_EQ(load_on_the_machine(cell({{"link", "noisy"}})), one);
  EXPECT_DOUBLE_EQ(load_on_the_machine(cell({{"link", "noisy"}, {"background_flows", "4"}})),
                   100e6);
}

}  // namespace
}  // namespace dlab::bench
