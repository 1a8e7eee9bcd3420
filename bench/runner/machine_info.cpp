#include "bench/runner/machine_info.hpp"

#include <pwd.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iterator>
#include <sstream>

#include <nlohmann/json.hpp>

#include "bench/runner/cpus.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/process.hpp"
#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

// The value behind the first "name :" of a file of /proc.
std::string value_in(const std::string& path, const std::string& name) {
  std::istringstream lines(read_file_if_any(path).value_or(""));
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name) && line.find(':') != std::string::npos) {
      return trimmed(line.substr(line.find(':') + 1));
    }
  }
  return "";
}

// What a program prints on stdout, else on stderr; nothing unless it succeeds within 5 s.
std::optional<std::string> output_of(const Environment& environment,
                                     std::vector<std::string> arguments) {
  const auto program = find_program(arguments.front());
  if (!program) {
    return std::nullopt;
  }
  arguments.front() = *program;
  fs::create_directories(environment.work);
  const ProcessSpec spec{std::move(arguments),
                         environment.work,
                         environment.work / "out",
                         environment.work / "err",
                         {}};
  std::vector<Process> processes;
  processes.emplace_back(environment.bin / "dlab_launch", spec);
  if (!wait_all(processes, base::Deadline::after(5s)) || !processes.front().result().succeeded()) {
    return std::nullopt;
  }
  const auto said = trimmed(read_file(spec.output));
  return said.empty() ? trimmed(read_file(spec.errors)) : said;
}

}  // namespace

std::string kernel_release() {
  utsname about{};
  base::check(uname(&about), "uname", "");
  return about.release;
}

std::string user_name() {
  const passwd* user = getpwuid(geteuid());
  return user != nullptr ? user->pw_name : std::to_string(geteuid());
}

nlohmann::ordered_json machine_info(const CpuQuota& quota) {
  const auto allowed = quota.cpus();
  return {{"cpu", value_in("/proc/cpuinfo", "model name")},
          {"cpus", usable_cpus()},
          {"cpus_of_machine", cpus_of_machine()},
          {"cpu_quota", allowed ? nlohmann::ordered_json(*allowed) : nullptr},
          {"memory_kib", leading_number(value_in("/proc/meminfo", "MemTotal"))}};
}

std::string commit_of(const Environment& environment, const std::string& source) {
  const auto ask = [&](std::vector<std::string> question) {
    std::vector<std::string> git{"git", "--no-optional-locks",  "-c", "safe.directory=*",
                                 "-c",  "core.fsmonitor=false", "-C", source};
    std::ranges::move(question, std::back_inserter(git));
    return output_of(environment, std::move(git));
  };
  // The folder's place in the repository, a line that is blank at its top, and the commit.
  const auto commit = ask({"rev-parse", "--show-prefix", "HEAD"});
  if (!commit || commit->find('\n') != std::string::npos) {
    return "";
  }
  const auto changes = ask({"status", "--porcelain", "--untracked-files=no"});
  return *commit + (changes.value_or("").empty() ? "" : "-dirty");
}

nlohmann::ordered_json contestant_versions(const Environment& environment,
                                           const Contestants& contestants) {
  nlohmann::ordered_json versions = nlohmann::ordered_json::object();
  for (const auto& [name, contestant] : contestants) {
    for (const auto& need : contestant.needs) {
      if (versions.contains(need.program) || need.version.empty()) {
        continue;
      }
      const auto said = output_of(environment, need.version);
      versions[need.program] =
          said ? said->substr(0, said->find('\n'))
               : std::string(find_program(need.program) ? "cannot tell" : "not installed");
    }
  }
  return versions;
}

}  // namespace dlab::bench
