#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "bench/runner/comparisons.hpp"
#include "bench/runner/environment.hpp"
#include "bench/runner/google_benchmark.hpp"
#include "bench/runner/lane_schedule.hpp"
#include "bench/runner/plan.hpp"
#include "bench/runner/progress.hpp"
#include "bench/runner/results_folder.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_result.hpp"
#include "common/base/clock.hpp"

namespace dlab::bench {

// What became of the runs of a session.
struct Tally {
  int own_failures = 0;    // `failed` or `timeout` of our programs
  int other_failures = 0;  // of anybody else's
  int tries = 0;           // runs that were meant to count, and were to be had
  std::map<std::string, int, std::less<>> unavailable;  // runs that were not, by reason

  [[nodiscard]] int failures() const { return own_failures + other_failures; }
};

// What the experiments of a session share.
struct SessionState {
  Environment& environment;
  ResultsFolder& results;
  GoogleBenchmark& benchmark;
  Progress& progress;
  Tally& tally;
  std::uint64_t seed = 0;
  bool has_turn = true;                     // of this machine
  double later_s = 0;                       // estimate for the experiments still to come
  std::map<std::string, double> startup_s;  // by contestant, once it is known
  int runs = 0;                             // that have got a run_id
};

// What an experiment came to.
struct Outcome {
  StopReason reason = StopReason::blocks;
  int blocks = 0;
  double spent_s = 0;
  std::vector<RatioEstimate> estimates;  // one for each pair of the plan
};

// The runs of one experiment: start-up times, a warm-up, then block after block until it is enough.
class Series {
 public:
  Series(SessionState& session, const PlannedExperiment& plan);

  // A signal ends it early, with StopReason::interrupted. Throws only when results cannot be
  // written.
  Outcome run();

 private:
  void measure_startup();
  void warm_up();
  void run_block();
  void make_runs(std::span<const std::size_t> order);
  void take_in_turn(std::span<const std::size_t> turns, std::span<const RunRequest> requests,
                    std::vector<ExpectedLoad> loads, std::span<RunResult> results);
  void keep_finished(std::span<const RunRequest> requests, std::span<RunResult> results);
  void make_file_of(const Cell& cell) const;
  void tell_what_runs(std::span<const RunRequest> requests,
                      std::span<const std::size_t> running) const;
  double make_run(const Cell& cell);
  RunRequest request_for(const Cell& cell, std::size_t order);
  void write_down(RunResult& result, const Cell& cell);
  double take(RunResult& result, const Cell& cell);
  void count(const RunResult& result, const Cell& cell);
  [[nodiscard]] std::vector<Cell> first_cells() const;
  [[nodiscard]] double left_s() const;

  SessionState& session_;
  const PlannedExperiment& plan_;
  Comparisons comparisons_;
  base::TimePoint started_;
  int block_ = 0;  // 0: before the first block that counts
  int warm_runs_ = 0;
  RunRow last_row_;
};

}  // namespace dlab::bench
