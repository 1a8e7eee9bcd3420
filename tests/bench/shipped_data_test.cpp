// The experiments and contestants that the project ships.
#include <gtest/gtest.h>

#include <algorithm>

#include "bench/runner/files.hpp"
#include "bench/runner/plan.hpp"

namespace dlab::bench {
namespace {

class ShippedDataTest : public testing::Test {
 protected:
  Contestants contestants_ = load_contestants(DLAB_SOURCE_DIR "/bench/contestants");
  std::vector<Experiment> experiments_ = load_experiments({DLAB_SOURCE_DIR "/bench/experiments"});
};

TEST_F(ShippedDataTest, every_experiment_expands_and_has_ratios_in_both_sets) {
  for (const bool quick : {false, true}) {
    for (const auto& plan : make_plan(experiments_, contestants_, {{}, quick, "", {}})) {
      SCOPED_TRACE(plan.experiment.name);
      EXPECT_FALSE(plan.cells.empty());
      EXPECT_FALSE(plan.pairs.empty());
    }
  }
}

TEST_F(ShippedDataTest, every_ratio_pairs_cells_in_the_full_set) {
  for (auto plan : make_plan(experiments_, contestants_, {{}, false, "", {}})) {
    const auto ratios = plan.experiment.ratios;
    for (const auto& ratio : ratios) {
      plan.experiment.ratios = {ratio};
      EXPECT_FALSE(expand_ratios(plan.experiment, plan.cells).empty())
          << plan.experiment.name << ": " << *ratio.of.contestants.begin() << " over "
          << *ratio.to.contestants.begin();
    }
  }
}

TEST_F(ShippedDataTest, the_quick_set_takes_under_three_minutes_and_the_full_one_ninety) {
  const auto budget = [&](bool quick) {
    double sum = 0;
    for (const auto& plan : make_plan(experiments_, contestants_, {{}, quick, "", {}})) {
      sum += plan.effort.budget_s;
    }
    return sum;
  };
  EXPECT_LE(budget(true), 180);
  EXPECT_LE(budget(false), 5400);
}

TEST_F(ShippedDataTest, every_experiment_is_explained) {
  const auto page = read_file(DLAB_SOURCE_DIR "/docs/experiments.md");
  for (const auto& experiment : experiments_) {
    EXPECT_NE(page.find("\n## " + experiment.name + "\n"), std::string::npos) << experiment.name;
    EXPECT_NE(page.find(experiment.question), std::string::npos) << experiment.question;
  }
}

// Since 3.16 it looks once a second whether all bytes are through: a rate by bytes would be that of
// its clock.
TEST_F(ShippedDataTest, iperf3_is_timed_whatever_its_version) {
  int cells = 0;
  for (const auto& plan : make_plan(experiments_, contestants_, {{}, false, "", {}})) {
    for (const auto& cell : plan.cells) {
      if (cell.contestant->figures == Figures::iperf3) {
        ++cells;
        EXPECT_TRUE(cell.settings.contains("planned_seconds")) << cell.name;
        EXPECT_FALSE(cell.contestant->uses("bytes") || cell.contestant->uses("bytes_half"));
      }
    }
  }
  EXPECT_GT(cells, 0);
}

TEST_F(ShippedDataTest, a_budget_for_the_session_is_shared_out) {
  double sum = 0;
  for (const auto& plan : make_plan(experiments_, contestants_, {{}, true, "", 30})) {
    sum += plan.effort.budget_s;
  }
  EXPECT_NEAR(sum, 30, 1e-6);
}

TEST_F(ShippedDataTest, the_filter_is_google_benchmarks) {
  const auto plan = make_plan(experiments_, contestants_, {{"stages"}, true, "part[12]$", {}});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_EQ(plan.front().cells.size(), 2U);
  EXPECT_EQ(plan.front().pairs.size(), 1U);
  EXPECT_TRUE(make_plan(experiments_, contestants_, {{}, true, "nothing at all", {}}).empty());
}

TEST_F(ShippedDataTest, the_coursework_has_the_pairs_for_any_verdict_within_fifteen_minutes) {
  constexpr int kPairsForAVerdict = 8;
  const auto coursework =
      load_experiments({DLAB_SOURCE_DIR "/bench/experiments", DLAB_SOURCE_DIR "/bench/coursework"});
  const std::vector<std::string> named{"stages",  "sizes",    "connections",
                                       "packets", "pipeline", "buffers"};
  double budget_s = 0;
  for (const auto& plan : make_plan(coursework, contestants_, {named, true, "", {}})) {
    budget_s += plan.effort.budget_s;
  }
  EXPECT_LE(budget_s, 900);
  const auto plan = make_plan(coursework, contestants_, {{"connections"}, true, "", {}});
  ASSERT_EQ(plan.size(), 1U);
  EXPECT_GE(plan.front().effort.most_blocks, kPairsForAVerdict);
  EXPECT_LE(estimate_s(plan.front()), 0.9 * plan.front().effort.budget_s);
}

TEST_F(ShippedDataTest, an_unknown_experiment_is_refused) {
  EXPECT_THROW(make_plan(experiments_, contestants_, {{"stagse"}, true, "", {}}), DataError);
}

}  // namespace
}  // namespace dlab::bench
