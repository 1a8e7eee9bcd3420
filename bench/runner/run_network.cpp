#include "bench/runner/run_network.hpp"

#include "bench/runner/congestion.hpp"
#include "bench/runner/run_problem.hpp"

namespace dlab::bench {

void enter_run_network(const Cell& cell, NamespaceKind kind, RunRow& row) {
  enter_fresh_namespace(kind);
  const std::string& wanted = cell.settings.at("congestion_requested");
  const bool host = kind == NamespaceKind::host;
  if (!host && !route_congestion(wanted)) {
    throw RunProblem("unavailable", "this kernel has no congestion control " + wanted +
                                        ": modprobe tcp_" + wanted);
  }
  const bool by_itself = host && cell.contestant->server_options.contains("congestion_requested") &&
                         can_set_congestion(wanted);
  const std::string used = by_itself ? wanted : probe_congestion();
  row.set("congestion_used", used);
  if (used != wanted) {
    throw RunProblem("unavailable", "without a network namespace this program uses " + used +
                                        ": sysctl net.ipv4.tcp_congestion_control=" + wanted);
  }
}

}  // namespace dlab::bench
