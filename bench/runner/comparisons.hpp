#pragma once

#include <string>
#include <vector>

#include "bench/runner/cells.hpp"
#include "bench/runner/run_row.hpp"
#include "bench/runner/statistics.hpp"

namespace dlab::bench {

// The blocks' figures of an experiment, and what its ratios come to.
class Comparisons {
 public:
  explicit Comparisons(std::vector<CellPair> pairs) : pairs_(std::move(pairs)) {}

  // Opens the next block.
  void begin_block(std::size_t cells);
  // The row of a cell in this block; one that is not `ok` counts in no pair.
  void add(std::size_t cell, const RunRow& row);

  [[nodiscard]] const std::vector<CellPair>& pairs() const { return pairs_; }
  // One estimate for each of pairs().
  [[nodiscard]] std::vector<RatioEstimate> estimates() const;

 private:
  struct Figures {
    double goodput = 0;  // 0: none
    double duration = 0;
    double transfer = 0;
    double latency_p99 = 0;
  };
  // How fast `figures` is by `measure`; 0 when it is not known.
  static double speed(const Figures& figures, Measure measure);

  std::vector<CellPair> pairs_;
  std::vector<std::vector<Figures>> blocks_;
};

// "part3 over part1: n 9  1.520 (above 1 is faster) [1.480, 1.560]  median 1.510", and what it says
// about the target; nothing where no verdict may be drawn, as the machine was shared.
std::string describe(const CellPair& pair, const RatioEstimate& estimate, bool may_judge);

}  // namespace dlab::bench
