#pragma once

#include "bench/runner/cells.hpp"

namespace dlab::bench {

// What a cell's connections together will carry over its link, in bit/s: by Mathis' law (Mathis et
// al. 1997) for each where packets get lost, unless its algorithm takes no loss for congestion
// (BBR), and by the link's and the server's rates. Infinite on loopback.
double expected_rate(const Cell& cell);

// How long the link will take for `bytes`, in seconds; 0 on loopback.
double estimate_link_s(const Cell& cell, double bytes);

// What a run of this cell asks of the processors: what its links carry (with the background flows:
// all they can), in bit/s. Infinite where it has to be alone: on loopback, and with mirrors, each
// of which has a host and a link of its own.
double load_on_the_machine(const Cell& cell);

}  // namespace dlab::bench
