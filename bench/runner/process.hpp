#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::bench {

// A program to start, and where it lives.
struct ProcessSpec {
  std::vector<std::string> arguments;  // the first one: the program's path
  std::filesystem::path folder;        // its working directory, and its HOME
  std::filesystem::path output;        // files for stdout and stderr
  std::filesystem::path errors;
  std::vector<int> cpus;  // CPUs it is held to; empty: all
};

// What became of a program and all that descended from it.
struct ProcessResult {
  std::int64_t spawn_ns = 0;  // CLOCK_MONOTONIC
  std::int64_t exit_ns = 0;
  int wait_status = 0;  // wait(2)
  double cpu_s = 0;
  std::int64_t maxrss_kib = 0;
  std::int64_t switches = 0;  // of context

  [[nodiscard]] bool succeeded() const { return wait_status == 0; }
  // "exit code 3", "signal 9 (Killed)".
  [[nodiscard]] std::string how() const;
};

// A program running under dlab_launch, in a process group of its own and in the network namespace
// of its creation. Nothing of its process tree survives this object, nor this process.
class Process {
 public:
  // Throws std::system_error when dlab_launch cannot be started.
  Process(const std::filesystem::path& launcher, const ProcessSpec& spec);
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  ~Process();

  [[nodiscard]] bool ended() const { return result_.has_value(); }
  // Only once it has ended.
  [[nodiscard]] const ProcessResult& result() const { return *result_; }
  [[nodiscard]] const ProcessSpec& spec() const { return spec_; }

  // Of dlab_launch, from which the program and its children descend; only until it has ended.
  [[nodiscard]] pid_t launcher() const { return launcher_; }

  // Sends a signal to the program and the others of its process group, while dlab_launch goes on:
  // SIGKILL ends it, SIGSTOP halts it until stop(). Throws std::system_error.
  void signal(int number);

  // Sends SIGTERM to the process group; what is left after a grace of 2 s is killed.
  void stop();

 private:
  friend void wait_any(std::span<Process> processes, base::Duration timeout);
  void take_report();

  ProcessSpec spec_;
  base::FileDescriptor report_;
  pid_t launcher_ = -1;
  std::string text_;
  std::optional<ProcessResult> result_;
};

// Waits until one more of the processes has ended, at most `timeout`. Throws Interrupted.
void wait_any(std::span<Process> processes, base::Duration timeout);

// Waits until all have ended; false when `deadline` passed first. Throws Interrupted.
bool wait_all(std::span<Process> processes, const base::Deadline& deadline);

// Stops all and waits for them. Throws Interrupted.
void stop_all(std::span<Process> processes);

// The absolute path of a program on PATH or in the system's folders for daemons; nothing when it is
// not installed.
std::optional<std::string> find_program(const std::string& name);

}  // namespace dlab::bench
