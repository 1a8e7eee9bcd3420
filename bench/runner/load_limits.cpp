#include "bench/runner/load_limits.hpp"

#include <sys/resource.h>

#include <string>

#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

constexpr double kMostLateS = 1e-3;
constexpr double kOtherFiles = 64;  // that a server or the generator has open besides

}  // namespace

void require_open_files(const Settings& settings) {
  double needed = kOtherFiles;
  for (const auto* key : {"clients", "idle_clients", "slow_clients"}) {
    needed += number_setting(settings, key, 0);
  }
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  if (needed > static_cast<double>(limit.rlim_max)) {
    throw RunProblem("unavailable", "open files (ulimit -Hn): " + format_number(needed) +
                                        " are needed, " + std::to_string(limit.rlim_max) +
                                        " allowed");
  }
}

void require_punctual(const RunRow& row) {
  if (row.number("lateness_p99_s") > kMostLateS) {
    throw RunProblem("void", "the load generator was late: 1 % of its requests by over 1 ms");
  }
}

}  // namespace dlab::bench
