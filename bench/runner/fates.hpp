#pragma once

#include <functional>
#include <span>

#include "bench/runner/mirrors.hpp"
#include "bench/runner/process.hpp"

namespace dlab::bench {

// Lets what becomes of mirrors happen, each at its moment from now on; false when all clients had
// ended before. `servers`: those of the first mirror, then those of the next one; turn(mirror) does
// what no signal can. Throws Interrupted, std::system_error.
bool meet_fates(std::span<const MirrorFate> fates, std::span<Process> servers,
                std::span<Process> clients, const std::function<void(std::size_t)>& turn);

}  // namespace dlab::bench
