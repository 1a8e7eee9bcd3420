#include "bench/runner/memory.hpp"

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "bench/runner/files.hpp"

namespace dlab::bench {
namespace {

// The folders of its threads. None for a process that ends meanwhile.
std::vector<std::filesystem::path> threads_of(pid_t pid) {
  std::vector<std::filesystem::path> threads;
  std::error_code ended;
  std::filesystem::directory_iterator thread("/proc/" + std::to_string(pid) + "/task", ended);
  for (const std::filesystem::directory_iterator end; !ended && thread != end;
       thread.increment(ended)) {
    threads.push_back(thread->path());
  }
  return threads;
}

std::int64_t own_kib(pid_t pid) {
  const std::string path = "/proc/" + std::to_string(pid) + "/smaps_rollup";
  const std::string text = read_file_if_any(path).value_or("");
  const std::string key = "Pss_Anon:";
  const auto at = text.find(key);
  return at == std::string::npos ? 0 : leading_number(trimmed(text.substr(at + key.size())));
}

void add_tree(pid_t root, Held& held);

void add_children(const std::filesystem::path& thread, Held& held) {
  std::istringstream list(read_file_if_any(thread / "children").value_or(""));
  for (pid_t child = 0; list >> child;) {
    add_tree(child, held);
  }
}

void add_tree(pid_t root, Held& held) {
  held.own_kib += own_kib(root);
  for (const auto& thread : threads_of(root)) {
    ++held.threads;
    add_children(thread, held);
  }
}

}  // namespace

std::optional<Held> held_by(std::span<const Process> processes) {
  Held held;
  for (const auto& process : processes) {
    if (process.ended()) {
      continue;
    }
    for (const auto& thread : threads_of(process.launcher())) {
      add_children(thread, held);
    }
  }
  return held.own_kib > 0 ? std::optional(held) : std::nullopt;
}

}  // namespace dlab::bench
