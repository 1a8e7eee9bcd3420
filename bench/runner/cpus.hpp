#pragma once

#include <vector>

namespace dlab::bench {

// Which CPUs a run's programs are held to; empty: all.
struct CpuShares {
  std::vector<int> server;
  std::vector<int> client;
};

// The first `server` of the CPUs that this process may use, and the last `client` of them; 0: not
// held to any. Throws RunProblem (unavailable) when it may use fewer than both together.
CpuShares share_cpus(int server, int client);

// How many CPUs this process may use (taskset(1), cpusets), and how many run on this machine.
int usable_cpus();
int cpus_of_machine();

}  // namespace dlab::bench
