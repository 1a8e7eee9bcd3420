#include "bench/runner/cpus.hpp"

#include <gtest/gtest.h>

#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

TEST(Cpus, who_asks_for_none_is_held_to_none) {
  const auto shares = share_cpus(0, 0);
  EXPECT_TRUE(shares.server.empty());
  EXPECT_TRUE(shares.client.empty());
}

TEST(Cpus, server_and_client_have_none_in_common) {
  if (usable_cpus() < 2) {
    GTEST_SKIP() << "needs two CPUs";
  }
  const auto shares = share_cpus(1, usable_cpus() - 1);
  ASSERT_EQ(shares.server.size(), 1U);
  ASSERT_EQ(shares.client.size(), static_cast<std::size_t>(usable_cpus() - 1));
  EXPECT_LT(shares.server.back(), shares.client.front());
}

TEST(Cpus, more_than_there_are_is_unavailable) {
  try {
    share_cpus(1, usable_cpus());
    FAIL() << "one CPU is in both shares";
  } catch (const RunProblem& problem) {
    EXPECT_EQ(problem.status(), "unavailable");
  }
}

}  // namespace
}  // namespace dlab::bench
