#pragma once

#include <cstdint>
#include <string>

#include "bench/runner/cells.hpp"
#include "bench/runner/command_lines.hpp"
#include "bench/runner/run_row.hpp"

namespace dlab::bench {

// One run to be made.
struct RunRequest {
  std::string run_id;
  std::string experiment;
  const Cell* cell = nullptr;
  int block = 0;
  std::size_t order_in_block = 0;
  std::uint64_t seed = 0;
  double timeout_s = 60;
  Records records;
  bool warmup = false;
  bool has_turn = true;  // of this machine: no other session measures meanwhile
};

// The row of a run before it has begun: everything that is known beforehand.
RunRow describe_run(const RunRequest& request);

}  // namespace dlab::bench
