#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "bench/runner/process.hpp"

namespace dlab::bench {

// What processes hold at one time.
struct Held {
  // Memory of their own, in KiB: pages of no file, those that several share counted once (Pss_Anon
  // of smaps_rollup, proc(5)).
  std::int64_t own_kib = 0;
  std::int64_t threads = 0;  // a process is one at least
};

// What the programs and all that descends from them hold now. Nothing when it cannot be read.
std::optional<Held> held_by(std::span<const Process> processes);

}  // namespace dlab::bench
