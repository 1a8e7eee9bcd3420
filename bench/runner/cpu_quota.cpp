#include "bench/runner/cpu_quota.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <sstream>
#include <string_view>

#include "bench/runner/files.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

constexpr double kMostHeldBack = 0.01;                                  // of a run's time
constexpr auto kLongest = std::numeric_limits<std::streamsize>::max();  // line

// A hierarchy of groups that is mounted: /proc/PID/mountinfo (proc(5)).
struct Hierarchy {
  std::string version;      // the type of file system, cgroup or cgroup2
  std::string controllers;  // among the options of its superblock
  fs::path root;            // the group that is seen ...
  fs::path mount_point;     // ... here
};

std::vector<std::string> words_of(const std::string& line, char separator) {
  std::vector<std::string> words;
  std::istringstream text(line);
  for (std::string word; std::getline(text, word, separator);) {
    words.push_back(word);
  }
  return words;
}

bool has(const std::vector<std::string>& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

std::vector<Hierarchy> hierarchies(const fs::path& root) {
  std::vector<Hierarchy> found;
  std::istringstream lines(read_file_if_any(root / "proc/self/mountinfo").value_or(""));
  for (std::string line; std::getline(lines, line);) {
    const auto words = words_of(line, ' ');
    const auto dash = std::ranges::find(words, "-");
    if (words.size() > 5 && words.end() - dash > 3 && dash[1].starts_with("cgroup")) {
      found.push_back({dash[1], dash[3], words[3], root / fs::path(words[4]).relative_path()});
    }
  }
  return found;
}

// The group `path` and those above it, as far as they are seen.
void add_groups(const Hierarchy& hierarchy, const fs::path& path, std::vector<fs::path>& groups) {
  const auto below = path.lexically_relative(hierarchy.root);
  fs::path group = hierarchy.mount_point;
  groups.push_back(group);
  for (const auto& name : below) {
    if (name == "..") {
      return;  // of a group that lies outside
    }
    if (name != ".") {
      groups.push_back(group /= name);
    }
  }
}

// The number behind "name " in a group's cpu.stat.
std::int64_t statistic(const std::string& text, std::string_view name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name)) {
      return leading_number(trimmed(line.substr(name.size())));
    }
  }
  return 0;
}

// cpu.max: "50000 100000", microseconds of each period, or "max 100000". Version 1 has a file for
// each of the two, and -1.
std::optional<double> quota_of(const fs::path& group) {
  std::string text = read_file_if_any(group / "cpu.max").value_or("");
  if (text.empty()) {
    text = trimmed(read_file_if_any(group / "cpu.cfs_quota_us").value_or("")) + " " +
           read_file_if_any(group / "cpu.cfs_period_us").value_or("");
  }
  std::istringstream numbers(text);
  double quota_us = 0;
  double period_us = 0;
  return numbers >> quota_us >> period_us && quota_us > 0 && period_us > 0
             ? std::optional(quota_us / period_us)
             : std::nullopt;
}

}  // namespace

// A line of /proc/PID/cgroup: the hierarchy's number, its controllers (none in version 2), the
// group.
CpuQuota::CpuQuota(const fs::path& root) {
  const auto mounted = hierarchies(root);
  std::istringstream lines(read_file_if_any(root / "proc/self/cgroup").value_or(""));
  std::string controllers;
  for (std::string path;
       std::getline(lines.ignore(kLongest, ':'), controllers, ':') && std::getline(lines, path);) {
    for (const auto& hierarchy : mounted) {
      const bool is_second = controllers.empty() && hierarchy.version == "cgroup2";
      if (is_second || (has(words_of(controllers, ','), "cpu") &&
                        has(words_of(hierarchy.controllers, ','), "cpu"))) {
        add_groups(hierarchy, path, groups_);
      }
    }
  }
}

std::optional<double> CpuQuota::cpus() const {
  std::optional<double> least;
  for (const auto& group : groups_) {
    if (const auto quota = quota_of(group)) {
      least = std::min(*quota, least.value_or(*quota));
    }
  }
  return least;
}

base::Duration CpuQuota::throttled() const {
  base::Duration whole{};
  for (const auto& group : groups_) {
    const auto text = read_file_if_any(group / "cpu.stat").value_or("");
    whole += std::chrono::nanoseconds(statistic(text, "throttled_time ")) +
             std::chrono::microseconds(statistic(text, "throttled_usec "));
  }
  return whole;
}

std::optional<std::string> held_back_too_long(double throttled_s, double run_s) {
  if (throttled_s <= kMostHeldBack * run_s) {
    return std::nullopt;
  }
  return "a CPU quota held the programs back: for " +
         std::to_string(std::lround(1000 * throttled_s)) + " ms in a run of " +
         std::to_string(std::lround(1000 * run_s)) + " ms";
}

}  // namespace dlab::bench
