#include "bench/runner/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "bench/runner/files.hpp"
#include "bench/runner/interrupt.hpp"
#include "bench/runner/spawn.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

using base::check;
using namespace std::chrono_literals;

constexpr auto kSlice = 100ms;       // how late a signal between two waits may be noticed
constexpr auto kStopDeadline = 10s;  // far beyond dlab_launch's own grace

std::optional<ProcessResult> parse_report(const std::string& text) {
  std::istringstream fields(text);
  ProcessResult result;
  std::int64_t cpu_us = 0;
  if (fields >> result.spawn_ns >> result.exit_ns >> result.wait_status >> cpu_us >>
      result.maxrss_kib >> result.switches) {
    result.cpu_s = static_cast<double>(cpu_us) / 1e6;
    return result;
  }
  return std::nullopt;
}

}  // namespace

std::string ProcessResult::how() const {
  if (WIFSIGNALED(wait_status)) {
    const int signal_number = WTERMSIG(wait_status);
    return "signal " + std::to_string(signal_number) + " (" + strsignal(signal_number) + ")";
  }
  return "exit code " + std::to_string(WEXITSTATUS(wait_status));
}

Process::Process(const std::filesystem::path& launcher, const ProcessSpec& spec) : spec_(spec) {
  std::array<int, 2> ends{};
  check(pipe2(ends.data(), O_CLOEXEC), "pipe", "for dlab_launch");
  report_ = base::FileDescriptor(ends[0]);
  const base::FileDescriptor write_end(ends[1]);
  launcher_ = spawn_launcher(launcher, spec, write_end.get());
}

Process::Process(Process&& other) noexcept
    : spec_(std::move(other.spec_)),
      report_(std::move(other.report_)),
      launcher_(std::exchange(other.launcher_, -1)),
      text_(std::move(other.text_)),
      result_(other.result_) {}

Process::~Process() {
  if (launcher_ < 0) {
    return;
  }
  kill(launcher_, SIGTERM);  // it ends its whole tree
  base::retry_interrupted([&] { return waitpid(launcher_, nullptr, 0); });
}

// The program is the launcher's first child, and leads a process group.
void Process::signal(int number) {
  const auto launcher = std::to_string(launcher_);
  const auto children =
      read_file_if_any("/proc/" + launcher + "/task/" + launcher + "/children").value_or("");
  const auto program = static_cast<pid_t>(leading_number(children));
  if (program > 0) {
    check(kill(-program, number), "kill", spec_.arguments.front());
  }
}

void Process::stop() {
  if (!ended()) {
    check(kill(launcher_, SIGTERM), "kill", spec_.arguments.front());
  }
}

// Reads what the launcher wrote; at its end the process has ended.
void Process::take_report() {
  std::array<char, 256> buffer{};
  const auto length = check(
      base::retry_interrupted([&] { return read(report_.get(), buffer.data(), buffer.size()); }),
      "read", "dlab_launch's report");
  text_.append(buffer.data(), static_cast<std::size_t>(length));
  if (length > 0) {
    return;
  }
  check(base::retry_interrupted([&] { return waitpid(launcher_, nullptr, 0); }), "wait",
        "dlab_launch");
  launcher_ = -1;
  result_ = parse_report(text_);
  if (!result_) {
    base::throw_system_error(ECHILD, "dlab_launch", spec_.arguments.front());
  }
}

void wait_any(std::span<Process> processes, base::Duration timeout) {
  const auto deadline = base::Deadline::after(timeout);
  std::vector<pollfd> reports;
  for (const auto& process : processes) {
    reports.push_back({process.ended() ? -1 : process.report_.get(), POLLIN, 0});
  }
  for (;;) {
    check_interrupted();
    const auto slice = std::min<base::Duration>(deadline.left(), kSlice);
    const timespec time = base::to_timespec(slice);
    const int ready = ppoll(reports.data(), reports.size(), &time, nullptr);
    if (ready < 0 && errno != EINTR) {
      base::throw_system_error(errno, "poll", "dlab_launch's reports");
    }
    for (std::size_t i = 0; ready > 0 && i < reports.size(); ++i) {
      if (reports[i].revents != 0) {
        processes[i].take_report();
      }
    }
    if (ready > 0 || deadline.passed()) {
      return;
    }
  }
}

bool wait_all(std::span<Process> processes, const base::Deadline& deadline) {
  while (!std::ranges::all_of(processes, &Process::ended)) {
    if (deadline.passed()) {
      return false;
    }
    wait_any(processes, deadline.left());
  }
  return true;
}

void stop_all(std::span<Process> processes) {
  for (auto& process : processes) {
    process.stop();
  }
  if (!wait_all(processes, base::Deadline::after(kStopDeadline))) {
    base::throw_system_error(ETIMEDOUT, "stop", processes.front().spec().arguments.front());
  }
}

std::optional<std::string> find_program(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    return access(name.c_str(), X_OK) == 0 ? std::optional(name) : std::nullopt;
  }
  const char* path = std::getenv("PATH");
  std::istringstream folders(std::string(path == nullptr ? "" : path) +
                             ":/usr/local/sbin:/usr/sbin:/sbin:/usr/bin");
  for (std::string folder; std::getline(folders, folder, ':');) {
    const std::string candidate = folder + "/" + name;
    if (!folder.empty() && access(candidate.c_str(), X_OK) == 0) {
      return candidate;
    }
  }
  return std::nullopt;
}

}  // namespace dlab::bench
