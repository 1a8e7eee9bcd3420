#include "bench/runner/cpus.hpp"

#include <sched.h>
#include <unistd.h>

#include <string>

#include "bench/runner/run_problem.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

std::vector<int> all_cpus() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  base::check(sched_getaffinity(0, sizeof allowed, &allowed), "sched_getaffinity", "");
  std::vector<int> cpus;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &allowed)) {
      cpus.push_back(static_cast<int>(cpu));
    }
  }
  return cpus;
}

}  // namespace

CpuShares share_cpus(int server, int client) {
  const auto cpus = all_cpus();
  if (static_cast<std::size_t>(server) + static_cast<std::size_t>(client) > cpus.size()) {
    throw RunProblem("unavailable", "this needs " + std::to_string(server + client) +
                                        " CPUs, here are " + std::to_string(cpus.size()));
  }
  return {{cpus.begin(), cpus.begin() + server}, {cpus.end() - client, cpus.end()}};
}

int usable_cpus() {
  return static_cast<int>(all_cpus().size());
}

int cpus_of_machine() {
  return static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
}

}  // namespace dlab::bench
