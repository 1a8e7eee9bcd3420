#pragma once

#include <optional>
#include <string>

#include "bench/runner/run_row.hpp"
#include "bench/runner/side_tables.hpp"

namespace dlab::bench {

// What a run leaves behind.
struct RunResult {
  RunRow row;
  std::string latency_lines;                // of latency.csv
  std::string samples_lines;                // of samples.csv
  std::optional<SenderTimes> sender_times;  // from the samples
  bool interrupted = false;                 // by a signal to the runner; the row says `void`
};

}  // namespace dlab::bench
