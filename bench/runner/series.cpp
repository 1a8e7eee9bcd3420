#include "bench/runner/series.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>

#include "bench/runner/interrupt.hpp"
#include "bench/runner/lanes.hpp"
#include "bench/runner/order.hpp"
#include "bench/runner/transfer.hpp"

namespace dlab::bench {
namespace {

double seconds_since(base::TimePoint start) {
  return base::to_seconds(base::Clock::now() - start);
}

// The cell with a file that has no bytes: what is left is the program's own start-up.
Cell startup_cell(const Cell& cell) {
  Cell startup{cell.name + "/startup", cell.contestant, cell.settings};
  startup.settings["file_bytes"] = std::to_string(0);
  startup.settings["connections"] = std::to_string(cell.contestant->least_connections);
  startup.settings["link"] = "loopback";
  for (const auto* key : {"planned_seconds", "limit_rate_mbit_s", "background_flows",
                          "request_every_ms", "mirrors"}) {
    startup.settings.erase(key);
  }
  return startup;
}

// A later lane works in a folder beside the first one's.
Environment environment_of_lane(const Environment& environment, std::size_t lane) {
  Environment own = environment;
  if (lane > 0) {
    own.work += std::string("-").append(std::to_string(lane));
  }
  return own;
}

bool is_failure(const std::string& status) {
  return status == "failed" || status == "timeout";
}

}  // namespace

Series::Series(SessionState& session, const PlannedExperiment& plan)
    : session_(session), plan_(plan), comparisons_(plan.pairs), started_(base::Clock::now()) {}

Outcome Series::run() {
  Outcome outcome;
  try {
    measure_startup();
    warm_up();
    std::optional<StopReason> reason;
    while (!reason) {
      run_block();
      outcome.blocks = block_;
      reason = should_stop(plan_.effort, block_, seconds_since(started_), comparisons_.estimates());
    }
    outcome.reason = *reason;
  } catch (const Interrupted&) {
    outcome.reason = StopReason::interrupted;
  }
  outcome.spent_s = seconds_since(started_);
  outcome.estimates = comparisons_.estimates();
  return outcome;
}

std::vector<Cell> Series::first_cells() const {
  std::vector<Cell> cells;
  std::set<std::string> seen;
  for (const auto& cell : plan_.cells) {
    if (seen.insert(cell.contestant->name).second) {
      cells.push_back(cell);
    }
  }
  return cells;
}

// startup_s: once a session for each contestant that fetches files.
void Series::measure_startup() {
  for (const auto& first : first_cells()) {
    const std::string& name = first.contestant->name;
    if (!first.contestant->uses("file") || session_.startup_s.contains(name)) {
      continue;
    }
    const Cell cell = startup_cell(first);
    std::vector<double> walls;
    const TimedRun run{cell.name, [&] {
                         const double wall_s = make_run(cell);
                         if (last_row_.get("status") == "ok") {
                           walls.push_back(wall_s);
                         }
                         return wall_s;
                       }};
    session_.benchmark.run_in_order(
        std::vector<TimedRun>(static_cast<std::size_t>(plan_.startup_runs), run));
    if (!walls.empty()) {
      session_.startup_s[name] = median(walls);
    }
  }
}

void Series::warm_up() {
  const auto cells = first_cells();
  std::vector<TimedRun> runs;
  runs.reserve(cells.size());
  for (const auto& cell : cells) {
    runs.push_back({cell.name, [this, &cell] {
                      return make_run(cell);
                    }});
  }
  session_.benchmark.run_in_order(runs);
}

void Series::run_block() {
  ++block_;
  const auto begun = base::Clock::now();
  const int failures = session_.tally.failures();
  const int runs = session_.runs;
  comparisons_.begin_block(plan_.cells.size());
  const auto block_number = static_cast<std::uint64_t>(block_);
  const auto order = random_order(plan_.cells.size(),
                                  derive_seed(session_.seed, plan_.experiment.name, block_number));
  make_runs(order);
  session_.progress.say(plan_.experiment.name + ": block " + std::to_string(block_) +
                        " of at most " + std::to_string(plan_.effort.most_blocks) + ", " +
                        std::to_string(session_.runs - runs) + " runs in " +
                        minutes(seconds_since(begun)) + ", " +
                        std::to_string(session_.tally.failures() - failures) + " failed");
}

// Makes the runs of the block: the lanes as there is room, the library's console and the tables in
// the order of their turns.
void Series::make_runs(std::span<const std::size_t> order) {
  const auto all_loads = expected_loads(plan_.cells);
  const auto turns = turns_of(order, all_loads);
  std::vector<RunRequest> requests;
  std::vector<ExpectedLoad> loads;
  for (const std::size_t index : turns) {
    const Cell& cell = plan_.cells[index];
    requests.push_back(request_for(cell, requests.size()));
    loads.push_back(all_loads[index]);
    make_file_of(cell);
  }
  std::vector<RunResult> results(turns.size());
  try {
    take_in_turn(turns, requests, std::move(loads), results);
  } catch (const Interrupted&) {
    keep_finished(requests, results);
    throw;
  }
}

void Series::take_in_turn(std::span<const std::size_t> turns, std::span<const RunRequest> requests,
                          std::vector<ExpectedLoad> loads, std::span<RunResult> results) {
  Lanes lanes(std::move(loads), [&](std::size_t place, std::size_t lane) {
    const Environment own = environment_of_lane(session_.environment, lane);
    results[place] = Transfer(own, requests[place]).run();
  });
  const auto tell = [&](std::span<const std::size_t> running) {
    tell_what_runs(requests, running);
  };
  std::vector<TimedRun> runs;
  for (std::size_t place = 0; place < turns.size(); ++place) {
    const std::size_t index = turns[place];
    runs.push_back({plan_.cells[index].name, [&, index, place] {
                      lanes.wait_for(place, tell);
                      const double wall_s = take(results[place], plan_.cells[index]);
                      results[place] = {};  // samples may be long
                      comparisons_.add(index, last_row_);
                      return wall_s;
                    }});
  }
  session_.benchmark.run_in_order(runs);
}

// What other lanes had brought to its end when a signal ended the block counts no less for it.
void Series::keep_finished(std::span<const RunRequest> requests, std::span<RunResult> results) {
  for (std::size_t place = 0; place < results.size(); ++place) {
    RunResult& result = results[place];
    if (!result.interrupted && !result.row.get("status").empty()) {
      write_down(result, *requests[place].cell);
    }
  }
}

// Files are made when they are first asked for, which two lanes must not do at once. Where that
// fails the run will say so.
void Series::make_file_of(const Cell& cell) const {
  try {
    session_.environment.files.name_for(std::stoull(cell.settings.at("file_bytes")));
  } catch (const std::exception&) {
    return;
  }
}

void Series::tell_what_runs(std::span<const RunRequest> requests,
                            std::span<const std::size_t> running) const {
  std::string names;
  for (const std::size_t place : running) {
    names += (names.empty() ? "" : ", ") + requests[place].cell->name;
  }
  session_.progress.running(plan_.experiment.name + " " + std::to_string(block_) + ": " + names,
                            left_s());
}

// Makes one run before the blocks and writes it down; its wall time in seconds.
double Series::make_run(const Cell& cell) {
  check_interrupted();
  const std::array requests{request_for(cell, static_cast<std::size_t>(warm_runs_++))};
  tell_what_runs(requests, std::array<std::size_t, 1>{0});
  RunResult result = Transfer(session_.environment, requests.front()).run();
  return take(result, cell);
}

RunRequest Series::request_for(const Cell& cell, std::size_t order) {
  const Recording& recording = plan_.experiment.recording;
  RunRequest request;
  request.run_id.append("r").append(std::to_string(++session_.runs));
  request.experiment = plan_.experiment.name;
  request.cell = &cell;
  request.block = block_;
  request.order_in_block = order;
  request.seed = derive_seed(session_.seed, cell.name, static_cast<std::uint64_t>(block_));
  request.timeout_s = plan_.experiment.timeout_s;
  request.warmup = block_ == 0;
  request.has_turn = session_.has_turn;
  request.records = {recording.log, recording.samples && !request.warmup,
                     block_ > 0 && block_ <= recording.latency_blocks};
  return request;
}

void Series::write_down(RunResult& result, const Cell& cell) {
  if (const auto known = session_.startup_s.find(cell.contestant->name);
      known != session_.startup_s.end()) {
    result.row.set("startup_s", known->second);
  }
  session_.results.append(result);
  count(result, cell);
}

// Writes a result down; its wall time in seconds.
double Series::take(RunResult& result, const Cell& cell) {
  write_down(result, cell);
  last_row_ = std::move(result.row);
  if (result.interrupted) {
    throw Interrupted();
  }
  const double wall_s = last_row_.number("wall_s");
  return wall_s > 0 ? wall_s : 0;
}

void Series::count(const RunResult& result, const Cell& cell) {
  const std::string& status = result.row.get("status");
  if (status == "unavailable") {
    ++session_.tally.unavailable[result.row.get("error")];
    return;
  }
  session_.tally.tries += block_ > 0 ? 1 : 0;
  if (!is_failure(status)) {
    return;
  }
  ++(cell.contestant->ours() ? session_.tally.own_failures : session_.tally.other_failures);
  session_.progress.say(cell.name + ": " + result.row.get("status") + ": " +
                        result.row.get("error"));
}

// For all that is still to come, from how long the blocks took until now.
double Series::left_s() const {
  const double spent_s = seconds_since(started_);
  const double by_budget = plan_.effort.budget_s - spent_s;
  const double by_blocks =
      block_ < 2 ? estimate_s(plan_) - spent_s
                 : spent_s / (block_ - 0.5) * (plan_.effort.most_blocks - block_ + 0.5);
  return std::max(0.0, std::min(by_budget, by_blocks)) + session_.later_s;
}

}  // namespace dlab::bench
