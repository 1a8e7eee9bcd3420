#include "tests/bench/fake_bench.hpp"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <functional>

#include "common/base/check.hpp"
#include "common/base/clock.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr auto kPatience = 20s;

std::string fake(const std::string& name) {
  return DLAB_SOURCE_DIR "/tests/bench/fake/" + name;
}

// Looks again and again; false when it has not come true for all our patience.
bool becomes_true(const std::function<bool()>& condition) {
  const auto deadline = base::Deadline::after(kPatience);
  while (!condition()) {
    if (deadline.passed()) {
      return false;
    }
    poll(nullptr, 0, 5);
  }
  return true;
}

}  // namespace

FakeBench::FakeBench() : marker_(std::to_string(100'000'000 + getpid())) {
  fs::create_directories(files_.folder() / "experiments");
  unsetenv("DLAB_NO_TURN");  // as ctest sets it: here a test's sessions meet in its own folder
}

void FakeBench::add_contestant(const std::string& name, int part, const std::string& client) const {
  add_contestant(name, part, client,
                 "[\"" + fake("talking_server.sh") + "\", " + marker_json() + "]");
}

void FakeBench::add_contestant(const std::string& name, int part, const std::string& client,
                               const std::string& server) const {
  std::string json = R"({"title": "a fake", "client_options": {"sink=file": []},)";
  json += part > 0 ? R"("part": )" + std::to_string(part) + "," : "";
  json += R"("servers": [)" + server + R"(], "clients": [)" + client + "]}";
  files_.write("contestants/" + name + ".json", json);
}

void FakeBench::add_experiment(const std::vector<std::string>& contestants, int timeout_s) const {
  std::string cells;
  for (const auto& name : contestants) {
    cells.append(cells.empty() ? "" : ", ").append(R"({"contestant": ")" + name + R"("})");
  }
  const std::string first = R"({"contestant": ")" + contestants.front() + R"("})";
  const std::string last = R"({"contestant": ")" + contestants.back() + R"("})";
  files_.write(
      "experiments/x.json", R"({"title": "t", "question": "q?", "budget_s": 100,
    "timeout_s": )" + std::to_string(timeout_s) +
                                R"(, "startup_runs": 0, "quick": {"blocks": 1, "budget_s": 100},
    "settings": {"file_bytes": 1000, "sink": "file", "congestion_requested": "cubic",
                 "link": "loopback"},
    "ratios": [{"of": )" + first +
                                R"(, "to": )" + last + R"(, "measure": "transfer"}],
    "cells": [)" + cells + "]}");
}

pid_t FakeBench::start(const std::vector<std::string>& options) {
  std::vector<std::string> arguments{DLAB_BIN "/dlab_bench",
                                     "--allow-debug",
                                     "--experiments",
                                     (files_.folder() / "experiments").string(),
                                     "--contestants",
                                     (files_.folder() / "contestants").string(),
                                     "--out",
                                     (files_.folder() / "results").string(),
                                     "--turn-folder",
                                     files_.folder().string()};
  arguments.insert(arguments.end(), options.begin(), options.end());
  std::vector<char*> pointers;
  for (auto& argument : arguments) {
    pointers.push_back(argument.data());
  }
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, (files_.folder() / "said").c_str(),
                                   O_WRONLY | O_CREAT | O_TRUNC, 0600);
  posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
  pid_t pid = -1;
  const int error = posix_spawn(&pid, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    base::throw_system_error(error, "start", arguments.front());
  }
  return pid;
}

int FakeBench::wait(pid_t pid) {
  int status = 0;
  base::check(waitpid(pid, &status, 0), "wait", "dlab_bench");
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int FakeBench::run(const std::vector<std::string>& options) {
  return wait(start(options));
}

CsvTable FakeBench::rows() const {
  return CsvTable::parse(read_file(results() / "runs.csv"));
}

std::string FakeBench::last_row_of(const std::string& contestant) const {
  const auto table = rows();
  std::string found = "no row";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    if (table.field(row, "contestant") == contestant) {
      found =
          std::string(table.field(row, "status")) + ": " + std::string(table.field(row, "error"));
    }
  }
  return found;
}

std::string FakeBench::output() const {
  return read_file(files_.folder() / "said");
}

std::vector<pid_t> FakeBench::fakes_alive() const {
  std::vector<pid_t> alive;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename().string();
    pid_t pid = 0;
    std::from_chars(name.data(), name.data() + name.size(), pid);
    // A process may end while we look.
    if (pid > 0 && read_file_if_any(entry.path() / "cmdline").value_or("").find(marker_) !=
                       std::string::npos) {
      alive.push_back(pid);
    }
  }
  return alive;
}

bool FakeBench::await_fakes(bool alive) const {
  return becomes_true([&] { return fakes_alive().empty() != alive; });
}

bool FakeBench::says(const std::string& text) const {
  return becomes_true([&] { return output().find(text) != std::string::npos; });
}

}  // namespace dlab::bench
