#pragma once

#include "bench/runner/settings.hpp"

namespace dlab::bench {

// Throws RunProblem (unavailable) when a cell asks for a server by io_uring and the system refuses
// that, as containers do: the server would serve by epoll, and the row would be called another's.
void require_io_uring(const Settings& settings);

}  // namespace dlab::bench
