#pragma once

#include "bench/runner/run_row.hpp"
#include "bench/runner/settings.hpp"

namespace dlab::bench {

// Throws RunProblem (unavailable), naming the limit, when the clients that a cell asks of the load
// generator are more than a process here may have open files.
void require_open_files(const Settings& settings);

// Throws RunProblem (void) when the generator looked at its requests later after they were due than
// a run may have that counts (docs/metrics.md): it measured itself.
void require_punctual(const RunRow& row);

}  // namespace dlab::bench
