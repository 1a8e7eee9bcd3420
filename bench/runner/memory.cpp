#include "bench/runner/memory.hpp"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "bench/runner/files.hpp"

namespace dlab::bench {
namespace {

// The children of all of its threads. Blank for a process that ends meanwhile.
std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code ended;
  const std::string tasks = "/proc/" + std::to_string(pid) + "/task";
  std::filesystem::directory_iterator task(tasks, ended);
  for (const std::filesystem::directory_iterator end; !ended && task != end;
       task.increment(ended)) {
    std::istringstream list(read_file_if_any(task->path() / "children").value_or(""));
    for (pid_t child = 0; list >> child;) {
      children.push_back(child);
    }
  }
  return children;
}

std::int64_t own_kib(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/smaps_rollup";
  const std::string text = read_file_if_any(path).value_or("");
  const std::string key = "Pss_Anon:";
  const auto at = text.find(key);
  return at == std::string::npos ? 0 : leading_number(trimmed(text.substr(at + key.size())));
}

std::int64_t tree_kib(pid_t root) {
  std::int64_t kib = 0;
  for (const pid_t child : children_of(root)) {
    kib += own_kib(child) + tree_kib(child);
  }
  return kib;
}

}  // namespace

std::optional<std::int64_t> anonymous_kib(std::span<const Process> processes) {
  std::int64_t kib = 0;
  for (const auto& process : processes) {
    kib += process.ended() ? 0 : tree_kib(process.launcher());
  }
  return kib > 0 ? std::optional(kib) : std::nullopt;
}

}  // namespace dlab::bench
