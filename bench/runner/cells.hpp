#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bench/runner/contestant.hpp"
#include "bench/runner/experiment.hpp"

namespace dlab::bench {

// One contestant with one combination of settings: what is repeated, and compared with others.
struct Cell {
  std::string name;  // "connections/part3/connections:10"
  const Contestant* contestant = nullptr;
  Settings settings;
};

// An experiment's cells. Settings come from the contestant's defaults, then the experiment, then
// the grid, the later ones winning. Throws DataError for a contestant that does not exist, a
// setting that it has no option for, and two cells that are the same.
std::vector<Cell> expand_cells(const Experiment& experiment, const Contestants& contestants,
                               bool quick);

// One comparison of two cells, by index.
struct CellPair {
  std::string name;  // "part3 connections 10 over part3 connections 1"
  std::size_t of = 0;
  std::size_t to = 0;
  Measure measure = Measure::duration;
  std::optional<double> target;
};

// The comparisons that an experiment's ratios mean among `cells`.
std::vector<CellPair> expand_ratios(const Experiment& experiment, std::span<const Cell> cells);

}  // namespace dlab::bench
