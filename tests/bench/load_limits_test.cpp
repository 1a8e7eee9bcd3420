#include "bench/runner/load_limits.hpp"

#include <gtest/gtest.h>

#include <string>

#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

// "status: error" of the problem with a cell of so many clients; blank for none.
std::string problem_with(const Settings& settings) {
  try {
    require_open_files(settings);
  } catch (const RunProblem& problem) {
    return problem.status() + ": " + problem.what();
  }
  return "";
}

std::string problem_with_lateness(const std::string& seconds) {
  RunRow row;
  row.set("lateness_p99_s", seconds);
  try {
    require_punctual(row);
  } catch (const RunProblem& problem) {
    return problem.status();
  }
  return "";
}

TEST(LoadLimits, more_clients_than_files_may_be_open_are_unavailable) {
  EXPECT_EQ(problem_with({{"clients", "10"}, {"idle_clients", "100"}}), "");
  EXPECT_TRUE(problem_with({{"clients", "10"}, {"idle_clients", "1e30"}})
                  .starts_with("unavailable: open files (ulimit -Hn): 1e+30 are needed, "));
  EXPECT_NE(problem_with({{"slow_clients", "1e30"}}), "");
}

TEST(LoadLimits, a_generator_that_was_late_measured_itself) {
  EXPECT_EQ(problem_with_lateness(""), "");
  EXPECT_EQ(problem_with_lateness("0.001"), "");
  EXPECT_EQ(problem_with_lateness("0.0011"), "void");
}

}  // namespace
}  // namespace dlab::bench
