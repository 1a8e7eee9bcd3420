#pragma once

#include <span>

#include "bench/runner/process.hpp"
#include "bench/runner/run_row.hpp"

namespace dlab::bench {

// wall_s (first spawn to last exit), client_cpu_s, client_maxrss_kib (of all clients together).
// Leaves them blank unless all have ended.
void take_client_costs(std::span<const Process> clients, RunRow& row);

// server_cpu_s, server_maxrss_kib, server_switches; and server_cpu_us_per_request where requests
// were counted. Leaves them blank unless all have ended.
void take_server_costs(std::span<const Process> servers, RunRow& row);

}  // namespace dlab::bench
