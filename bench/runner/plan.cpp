#include "bench/runner/plan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iterator>
#include <numeric>
#include <set>

#include "bench/runner/google_benchmark.hpp"
#include "bench/runner/link_estimate.hpp"
#include "bench/runner/served_files.hpp"

namespace dlab::bench {
namespace {

constexpr int kQuickStartupRuns = 3;

PlannedExperiment plan_one(const Experiment& experiment, const Contestants& contestants,
                           bool quick) {
  PlannedExperiment plan{experiment, expand_cells(experiment, contestants, quick), {}, {}, 0};
  plan.startup_runs =
      quick ? std::min(experiment.startup_runs, kQuickStartupRuns) : experiment.startup_runs;
  plan.effort = {experiment.least_blocks, experiment.most_blocks, experiment.budget_s,
                 experiment.narrow_enough};
  if (quick) {
    plan.effort.most_blocks = experiment.quick_blocks;
    plan.effort.budget_s = experiment.quick_budget_s;
  }
  return plan;
}

std::vector<std::string> cell_names(const std::vector<PlannedExperiment>& plan) {
  std::vector<std::string> names;
  for (const auto& experiment : plan) {
    for (const auto& cell : experiment.cells) {
      names.push_back(cell.name);
    }
  }
  return names;
}

void apply_filter(std::vector<PlannedExperiment>& plan, const std::string& filter) {
  const auto kept = matching_names(cell_names(plan), filter);
  for (auto& experiment : plan) {
    std::erase_if(experiment.cells, [&](const Cell& cell) { return !kept.contains(cell.name); });
  }
  std::erase_if(plan, [](const PlannedExperiment& experiment) { return experiment.cells.empty(); });
}

void share_budget(std::vector<PlannedExperiment>& plan, double budget_s) {
  double whole = 0;
  for (const auto& experiment : plan) {
    whole += experiment.effort.budget_s;
  }
  for (auto& experiment : plan) {
    experiment.effort.budget_s *= budget_s / whole;
  }
}

void check_names(const std::vector<Experiment>& experiments,
                 const std::vector<std::string>& wanted) {
  for (const auto& name : wanted) {
    if (std::ranges::find(experiments, name, &Experiment::name) == experiments.end()) {
      throw DataError("--experiment " + name, "there is no such experiment; --list shows them");
    }
  }
}

double estimate_block_s(const PlannedExperiment& plan) {
  std::vector<std::size_t> order(plan.cells.size());
  std::iota(order.begin(), order.end(), 0);
  const auto loads = expected_loads(plan.cells);
  std::vector<ExpectedLoad> turns;
  for (const std::size_t index : turns_of(order, loads)) {
    turns.push_back(loads[index]);
  }
  return makespan_s(turns);
}

template <typename... Values>
std::string format(const char* pattern, Values... values) {
  char line[256];
  std::snprintf(line, sizeof line, pattern, values...);
  return line;
}

// A word on a budget that will end before the last block.
std::string blocks_that_fit(const PlannedExperiment& plan) {
  const double fitting = std::max(1.0, std::floor(plan.effort.budget_s / estimate_block_s(plan)));
  return fitting < plan.effort.most_blocks ? format("  (time for %.0f)", fitting) : std::string();
}

}  // namespace

std::vector<PlannedExperiment> make_plan(const std::vector<Experiment>& experiments,
                                         const Contestants& contestants,
                                         const PlanRequest& request) {
  check_names(experiments, request.experiments);
  std::vector<PlannedExperiment> plan;
  for (const auto& experiment : experiments) {
    const bool wanted =
        (request.experiments.empty() &&
         (request.quick ? experiment.in_quick : experiment.in_full)) ||
        std::ranges::find(request.experiments, experiment.name) != request.experiments.end();
    if (wanted) {
      plan.push_back(plan_one(experiment, contestants, request.quick));
    }
  }
  if (!request.filter.empty()) {
    apply_filter(plan, request.filter);
  }
  for (auto& experiment : plan) {
    experiment.pairs = expand_ratios(experiment.experiment, experiment.cells);
  }
  if (request.budget_s) {
    share_budget(plan, *request.budget_s);
  }
  return plan;
}

double estimate_run_s(const Cell& cell) {
  constexpr double kAround = 0.1;            // namespace, servers, looking after them
  constexpr double kBytesPerSecond = 700e6;  // through the programs and through the comparison
  const double planned_s = number_setting(cell.settings, "planned_seconds", 0);
  if (planned_s > 0) {  // however large the file is
    return kAround + planned_s + estimate_link_s(cell, 1);
  }
  const double bytes = number_setting(cell.settings, "file_bytes", 0);
  const double work = number_setting(cell.settings, "work_mbyte_s", 0) * 1e6;
  return kAround + bytes / kBytesPerSecond + estimate_link_s(cell, bytes) +
         (work > 0 ? bytes / work : 0);
}

std::vector<ExpectedLoad> expected_loads(std::span<const Cell> cells) {
  std::vector<ExpectedLoad> loads;
  std::ranges::transform(cells, std::back_inserter(loads), [](const Cell& cell) {
    return ExpectedLoad{load_on_the_machine(cell), estimate_run_s(cell)};
  });
  return loads;
}

double estimate_s(const PlannedExperiment& plan) {
  return std::min(plan.effort.budget_s, estimate_block_s(plan) * (plan.effort.most_blocks + 1));
}

std::uint64_t scratch_bytes(const std::vector<PlannedExperiment>& plan) {
  std::set<std::uint64_t> sizes;
  std::uint64_t largest_output = 0;
  for (const auto& experiment : plan) {
    for (const auto& cell : experiment.cells) {
      const auto bytes = static_cast<std::uint64_t>(number_setting(cell.settings, "file_bytes", 0));
      sizes.insert(bytes);
      if (setting(cell.settings, "sink") == "file") {
        largest_output = std::max(largest_output, bytes);
      }
    }
  }
  return std::accumulate(
      sizes.begin(), sizes.end(), largest_output,
      [](std::uint64_t sum, std::uint64_t bytes) { return sum + stored_bytes(bytes); });
}

std::string describe_experiments(const std::vector<Experiment>& experiments) {
  std::string text;
  for (const auto& experiment : experiments) {
    text += format("%-12s %s\n", experiment.name.c_str(), experiment.question.c_str());
  }
  return text;
}

std::string describe_plan(const std::vector<PlannedExperiment>& plan) {
  std::string text =
      format("%-12s %6s %8s %9s %9s\n", "experiment", "cells", "blocks", "budget", "estimate");
  double whole = 0;
  for (const auto& experiment : plan) {
    const int most = experiment.effort.most_blocks;
    whole += estimate_s(experiment);
    text += format("%-12s %6zu %4d..%-2d %7.0f s %7.0f s%s\n", experiment.experiment.name.c_str(),
                   experiment.cells.size(), std::min(experiment.effort.least_blocks, most), most,
                   experiment.effort.budget_s, estimate_s(experiment),
                   blocks_that_fit(experiment).c_str());
  }
  return text + format("%-12s %33.0f s, about %.1f min\n", "all", whole, whole / 60);
}

}  // namespace dlab::bench
