#pragma once

#include <cstdint>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "bench/runner/plan.hpp"
#include "bench/runner/series.hpp"
#include "bench/runner/session.hpp"

namespace dlab::bench {

// meta.json before the first run: what was asked for, with what, on which machine.
nlohmann::ordered_json initial_meta(const Options& options, std::uint64_t seed,
                                    const Environment& environment,
                                    const std::string& scratch_filesystem,
                                    const Contestants& contestants, bool has_turn);

// What one experiment is about: its question, the figures and verdicts that it wants.
nlohmann::ordered_json planned_meta(const PlannedExperiment& plan);

// The same, and what it came to: why it stopped, its comparisons.
nlohmann::ordered_json outcome_meta(const PlannedExperiment& plan, const Outcome& outcome);

}  // namespace dlab::bench
