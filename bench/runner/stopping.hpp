#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "bench/runner/statistics.hpp"

namespace dlab::bench {

// Why an experiment took no further block.
enum class StopReason {
  narrow,       // every ratio's interval is narrow enough
  blocks,       // the most blocks that it may take
  budget,       // one more would not fit into its time
  interrupted,  // SIGINT or SIGTERM
};

std::string_view name_of(StopReason reason);

// What an experiment may spend.
struct Effort {
  int least_blocks = 8;
  int most_blocks = 8;
  double budget_s = 0;
  double narrow_enough = 1.1;  // upper over lower end of an interval
};

// Whether to stop after `blocks` blocks that took `spent_s`; ratios without a single pair (a
// program that is not installed) have no say. Never `narrow` before least_blocks, nor as long as a
// ratio has fewer pairs than eight.
std::optional<StopReason> should_stop(const Effort& effort, int blocks, double spent_s,
                                      std::span<const RatioEstimate> ratios);

}  // namespace dlab::bench
