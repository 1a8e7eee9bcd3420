#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bench/runner/settings.hpp"
#include "bench/runner/wanted.hpp"

namespace dlab::bench {

// One entry of an experiment's cells: every contestant with every combination of the axes.
struct CellGrid {
  std::string where;  // file and key, for errors
  std::vector<std::string> contestants;
  Axes axes;
  bool in_quick = true;
  Axes quick_axes;  // replace axes of the same name in the quick set
};

// Which cells one side of a ratio means.
struct Selector {
  std::set<std::string, std::less<>> contestants;
  Axes settings;  // one of these values each
};

// What a ratio compares; always as "how many times faster is `of` than `to`".
enum class Measure {
  goodput,      // goodput_mbit_s, as the receiver saw it
  duration,     // duration_s, by our own clients' clock
  transfer,     // wall_s less startup_s: the same for every program
  latency_p99,  // latency_p99_s, of a load generator
};

// A comparison that the experiment is about: each cell of `of` with each of `to` that agrees with
// it in the settings `same`.
struct Ratio {
  Selector of;
  Selector to;
  std::vector<std::string> same;
  Measure measure = Measure::duration;
  std::optional<double> target;  // what the project claims; only printed
};

// What is written down beside runs.csv.
struct Recording {
  bool log = false;
  bool samples = false;
  int latency_blocks = 0;  // latencies of the first so many blocks
};

// bench/experiments/NAME.json.
struct Experiment {
  std::string name;
  std::string title;
  std::string question;
  Settings settings;
  Settings quick_settings;  // replace settings of the same name in the quick set
  std::vector<CellGrid> grids;
  std::vector<Ratio> ratios;
  Recording recording;
  Wanted wanted;
  int least_blocks = 8;
  int most_blocks = 8;
  int quick_blocks = 5;
  bool in_quick = true;  // part of the quick set when no experiment is named
  bool in_full = true;   // the same of the full one
  double budget_s = 0;
  double quick_budget_s = 0;
  double timeout_s = 60;       // of one run's clients
  double narrow_enough = 1.1;  // upper over lower end of a ratio's interval
  int startup_runs = 5;        // of a 0-byte file, for startup_s
};

// Throws DataError naming file and key.
Experiment load_experiment(const std::filesystem::path& path);
// All *.json of the folders, sorted by name. One of a later folder stands in for that of the same
// name in an earlier one.
std::vector<Experiment> load_experiments(const std::vector<std::filesystem::path>& folders);

}  // namespace dlab::bench
