#pragma once

#include <string>

#include "bench/load/generator.hpp"
#include "bench/load/load_options.hpp"
#include "bench/load/tally.hpp"

namespace dlab::load {

// How a run ended.
struct Ending {
  std::string error;  // blank: as it should
  int exit_code = 0;
  double cpu_s = 0;  // of this process
};

// Writes what was measured to options.report as JSON (docs/metrics.md). Throws std::system_error.
void write_report(const LoadOptions& options, const Tally& tally, const Window& window,
                  const Ending& ending);

// The same in a few lines, for people.
std::string summary(const Tally& tally, const Window& window);

}  // namespace dlab::load
