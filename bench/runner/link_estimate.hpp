#pragma once

#include "bench/runner/cells.hpp"

namespace dlab::bench {

// What a cell's connections together will carry over its link, in bit/s: by Mathis' law (Mathis et
// al. 1997) for each where packets get lost, unless its algorithm takes no loss for congestion
// (BBR), and by the link's and the server's rates. Infinite on loopback.
double expected_rate(const Cell& cell);

// How long the link will take for `bytes`, in seconds; 0 on loopback.
double estimate_link_s(const Cell& cell, double bytes);

// Whether a run of this cell disturbs no other that does the same at the same time: its link leaves
// the emulator and the processors idle for most of the time.
bool may_run_beside(const Cell& cell);

}  // namespace dlab::bench
