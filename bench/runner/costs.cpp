#include "bench/runner/costs.hpp"

#include <algorithm>
#include <limits>

namespace dlab::bench {
namespace {

bool all_ended(std::span<const Process> processes) {
  return !processes.empty() && std::ranges::all_of(processes, &Process::ended);
}

double cpu_seconds(std::span<const Process> processes) {
  double seconds = 0;
  for (const auto& process : processes) {
    seconds += process.result().cpu_s;
  }
  return seconds;
}

}  // namespace

void take_client_costs(std::span<const Process> clients, RunRow& row) {
  if (!all_ended(clients)) {
    return;
  }
  std::int64_t first_spawn_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_exit_ns = 0;
  std::int64_t maxrss_kib = 0;
  for (const auto& client : clients) {
    first_spawn_ns = std::min(first_spawn_ns, client.result().spawn_ns);
    last_exit_ns = std::max(last_exit_ns, client.result().exit_ns);
    maxrss_kib += client.result().maxrss_kib;
  }
  row.set("wall_s", static_cast<double>(last_exit_ns - first_spawn_ns) / 1e9);
  row.set("client_cpu_s", cpu_seconds(clients));
  row.set("client_maxrss_kib", maxrss_kib);
}

void take_server_costs(std::span<const Process> servers, RunRow& row) {
  if (!all_ended(servers)) {
    return;
  }
  const double cpu_s = cpu_seconds(servers);
  std::int64_t maxrss_kib = 0;
  std::int64_t switches = 0;
  for (const auto& server : servers) {
    maxrss_kib = std::max(maxrss_kib, server.result().maxrss_kib);
    switches += server.result().switches;
  }
  row.set("server_cpu_s", cpu_s);
  row.set("server_maxrss_kib", maxrss_kib);
  row.set("server_switches", switches);
  if (row.number("requests_in_all") > 0) {
    row.set("server_cpu_us_per_request", cpu_s * 1e6 / row.number("requests_in_all"));
  }
}

}  // namespace dlab::bench
