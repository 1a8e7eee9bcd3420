#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "bench/runner/process.hpp"

namespace dlab::bench {

// The memory of their own that the programs and all that descends from them hold now, in KiB: pages
// of no file, those that several share counted once (Pss_Anon of smaps_rollup, proc(5)). Nothing
// when it cannot be read.
std::optional<std::int64_t> anonymous_kib(std::span<const Process> processes);

}  // namespace dlab::bench
