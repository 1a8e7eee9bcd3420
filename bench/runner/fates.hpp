#pragma once

#include <functional>
#include <span>

#include "bench/runner/mirrors.hpp"
#include "bench/runner/process.hpp"

namespace dlab::bench {

// Kills and halts mirrors and makes them lie, each at its moment from now on; false when all
// clients had ended before. `servers`: those of the first mirror, then those of the next one;
// lie(mirror) puts another file in the place of what that one serves. Throws Interrupted,
// std::system_error.
bool meet_fates(std::span<const MirrorFate> fates, std::span<Process> servers,
                std::span<Process> clients, const std::function<void(std::size_t)>& lie);

}  // namespace dlab::bench
