#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"

namespace dlab::bench {

// What the control groups of this process allow it of the CPUs (cgroups(7), versions 1 and 2): a
// group that has used up its quota stands still until its next period.
class CpuQuota {
 public:
  // Looks now for the groups, from this process's own up to the topmost that can be seen. `root`:
  // of the file system. A machine without control groups has no quota.
  explicit CpuQuota(const std::filesystem::path& root = "/");

  // How many CPUs' time they allow together; nothing: as many as there are.
  [[nodiscard]] std::optional<double> cpus() const;
  // For how long they have stood still until now.
  [[nodiscard]] base::Duration throttled() const;

 private:
  std::vector<std::filesystem::path> groups_;
};

// Why a run of `run_s` seconds must not count, of which a quota held its programs back for
// `throttled_s`; nothing when it may.
std::optional<std::string> held_back_too_long(double throttled_s, double run_s);

}  // namespace dlab::bench
