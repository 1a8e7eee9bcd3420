#pragma once

#include "bench/runner/cells.hpp"
#include "bench/runner/network_namespace.hpp"
#include "bench/runner/run_row.hpp"

namespace dlab::bench {

// Enters a fresh namespace in which every program uses the congestion control that the cell asks
// for, and writes what a socket really gets into congestion_used. Without namespaces (`host`) only
// servers with an option for it can choose theirs. Throws RunProblem (unavailable) when the cell
// cannot have its algorithm, std::system_error for anything else.
void enter_run_network(const Cell& cell, NamespaceKind kind, RunRow& row);

}  // namespace dlab::bench
