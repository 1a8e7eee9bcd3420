#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "bench/runner/statistics.hpp"

namespace dlab::bench {

// Why an experiment took no further block.
enum class StopReason {
  narrow,       // every ratio is known well enough
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

// Whether to stop after `blocks` blocks that took `spent_s`.
//
// The ratios are looked at after 5, 10, 20 and 40 blocks only, by their 99 % intervals: who looks
// after every block stops too often at a chance (Armitage, McPherson, Rowe 1969). All must be known
// well enough: narrow with at least eight pairs (and least_blocks blocks), or, with at least five,
// far from 1 as a whole (beyond 1.5 or below 0.67). Ratios without a single pair (a program that is
// not installed) have no say.
std::optional<StopReason> should_stop(const Effort& effort, int blocks, double spent_s,
                                      std::span<const RatioEstimate> ratios);

}  // namespace dlab::bench
