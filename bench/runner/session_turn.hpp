#pragma once

#include <memory>
#include <vector>

#include "bench/runner/plan.hpp"
#include "bench/runner/session.hpp"
#include "bench/runner/turn.hpp"

namespace dlab::bench {

// Waits for this machine's turn to measure, and says on stderr who has it. Nothing where no turn is
// to be had or none is wanted, which is said too. Throws Interrupted.
std::unique_ptr<Turn> take_turn(const Options& options, const std::vector<PlannedExperiment>& plan);

}  // namespace dlab::bench
