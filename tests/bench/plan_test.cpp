// How long a session is said to take.

#include "bench/runner/plan.hpp"

#include <gtest/gtest.h>

#include "tests/bench/cell.hpp"

namespace dlab::bench {
namespace {

PlannedExperiment timed_cells(int count, double budget_s) {
  PlannedExperiment plan;
  plan.effort.budget_s = budget_s;
  plan.effort.least_blocks = plan.effort.most_blocks = 8;
  plan.cells.assign(static_cast<std::size_t>(count),
                    cell({{"planned_seconds", "10"}, {"file_bytes", "500000000"}}));
  return plan;
}

TEST(Estimate, a_timed_run_takes_its_time_however_large_the_file_is) {
  const double loopback = estimate_run_s(
      cell({{"link", "loopback"}, {"planned_seconds", "10"}, {"file_bytes", "500000000"}}));
  EXPECT_NEAR(loopback, 10, 0.5);
  const double wan = estimate_run_s(
      cell({{"link", "wan"}, {"planned_seconds", "10"}, {"file_bytes", "500000000"}}));
  EXPECT_NEAR(wan, 10, 1);
}

TEST(Estimate, a_file_takes_what_its_link_carries) {
  EXPECT_NEAR(estimate_run_s(cell({{"link", "wan"}, {"file_bytes", "25000000"}})), 2.5, 0.5);
}

TEST(DescribePlan, a_budget_too_small_for_all_blocks_says_for_how_many_there_is_time) {
  EXPECT_NE(describe_plan({timed_cells(10, 320)}).find("(time for 3)"), std::string::npos);
  EXPECT_NE(describe_plan({timed_cells(10, 20)}).find("(time for 1)"), std::string::npos);
  EXPECT_EQ(describe_plan({timed_cells(10, 1000)}).find("time for"), std::string::npos);
}

}  // namespace
}  // namespace dlab::bench
