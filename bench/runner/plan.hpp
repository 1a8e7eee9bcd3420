#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/runner/cells.hpp"
#include "bench/runner/lane_schedule.hpp"
#include "bench/runner/stopping.hpp"

namespace dlab::bench {

// An experiment as it will be made in this session.
struct PlannedExperiment {
  Experiment experiment;
  std::vector<Cell> cells;
  std::vector<CellPair> pairs;
  Effort effort;
  int startup_runs = 0;
};

struct PlanRequest {
  std::vector<std::string> experiments;  // empty: all
  bool quick = true;
  std::string filter;              // Google Benchmark's; empty: all
  std::optional<double> budget_s;  // of the whole session, shared out in proportion
};

// The experiments asked for, their cells and comparisons. `contestants` must outlive the plan.
// Throws DataError for data that do not fit together, and for an experiment that does not exist.
std::vector<PlannedExperiment> make_plan(const std::vector<Experiment>& experiments,
                                         const Contestants& contestants,
                                         const PlanRequest& request);

// About how long one run takes: starting and stopping, moving and comparing the bytes.
double estimate_run_s(const Cell& cell);
// The same for all blocks of an experiment that it may take, within its budget.
double estimate_s(const PlannedExperiment& plan);

// How long a run of each of `cells` takes, and what it asks of the processors meanwhile: who may
// run beside it.
std::vector<ExpectedLoad> expected_loads(std::span<const Cell> cells);

// The most bytes that served files and an output need at one time.
std::uint64_t scratch_bytes(const std::vector<PlannedExperiment>& plan);

// Tables for people: of --list (experiments and their questions), and of --dry-run.
std::string describe_experiments(const std::vector<Experiment>& experiments);
std::string describe_plan(const std::vector<PlannedExperiment>& plan);

}  // namespace dlab::bench
