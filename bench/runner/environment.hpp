#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bench/runner/contestant.hpp"
#include "bench/runner/cpu_quota.hpp"
#include "bench/runner/served_files.hpp"
#include "linkem/namespaces.hpp"

namespace dlab::bench {

// Others who use the server's link during a run: in cells that have this setting.
struct Bystander {
  std::string setting;
  const Contestant* contestant = nullptr;
};

// Where all runs of a session take place.
struct Environment {
  std::filesystem::path bin;          // our programs
  std::filesystem::path contestants;  // folder of the JSON files
  std::filesystem::path work;         // emptied before and after each run
  ServedFiles files;
  linkem::Namespaces namespaces;
  bool pinned = false;  // the sysctls that linkem pins hold
  std::vector<Bystander> bystanders;
  CpuQuota quota;  // of this process's control groups
};

}  // namespace dlab::bench
