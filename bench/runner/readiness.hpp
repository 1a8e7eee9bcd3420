#pragma once

#include <cstdint>

#include "bench/runner/process.hpp"
#include "common/base/clock.hpp"

namespace dlab::bench {

// Waits until a server says "listening on" or a listening socket of its port stands in this network
// namespace; never connects, which would use up a server that serves only once. Throws RunProblem
// when it ends first or `deadline` passes, Interrupted when a signal comes.
void await_ready(Process& server, std::uint16_t port, const base::Deadline& deadline);

}  // namespace dlab::bench
