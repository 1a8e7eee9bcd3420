#include "bench/runner/spawn.hpp"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>

#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

constexpr int kReportFd = 3;
constexpr const char* kGraceMs = "2000";

void check_spawn(int error_number, std::string_view operation, const std::string& object) {
  if (error_number != 0) {
    base::throw_system_error(error_number, operation, object);
  }
}

std::vector<std::string> environment(const std::filesystem::path& home) {
  std::vector<std::string> variables{"HOME=" + home.string()};
  for (char** variable = environ; *variable != nullptr; ++variable) {
    std::string text(*variable);
    std::string name = text.substr(0, text.find('='));
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (name != "home" && !name.ends_with("_proxy") && !name.starts_with("git_")) {
      variables.push_back(std::move(text));
    }
  }
  return variables;
}

std::string cpu_list(const std::vector<int>& cpus) {
  std::string list;
  for (const int cpu : cpus) {
    list.append(list.empty() ? "" : ",").append(std::to_string(cpu));
  }
  return list.empty() ? "-" : list;
}

// posix_spawn(3) wants arrays of char*, ended by a null pointer, that it does not write to.
std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (auto& text : texts) {
    result.push_back(text.data());
  }
  result.push_back(nullptr);
  return result;
}

// What the new process opens and where it goes before exec.
class FileActions {
 public:
  FileActions() { check_spawn(posix_spawn_file_actions_init(&actions_), "spawn", "actions"); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  ~FileActions() { posix_spawn_file_actions_destroy(&actions_); }

  void open(int fd, const std::string& path, int flags) {
    check_spawn(posix_spawn_file_actions_addopen(&actions_, fd, path.c_str(), flags, 0644), "open",
                path);
  }
  void move(int from, int to) {
    check_spawn(posix_spawn_file_actions_adddup2(&actions_, from, to), "dup2", "the report");
  }
  void enter(const std::string& folder) {
    check_spawn(posix_spawn_file_actions_addchdir_np(&actions_, folder.c_str()), "chdir", folder);
  }
  [[nodiscard]] const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

// A process group of its own (Ctrl-C is for the runner alone), and signals as they come by default.
class Attributes {
 public:
  Attributes() {
    check_spawn(posix_spawnattr_init(&attributes_), "spawn", "attributes");
    sigset_t none;
    sigemptyset(&none);
    sigset_t defaults = none;
    for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
      sigaddset(&defaults, signal_number);
    }
    posix_spawnattr_setsigmask(&attributes_, &none);
    posix_spawnattr_setsigdefault(&attributes_, &defaults);
    posix_spawnattr_setpgroup(&attributes_, 0);
    posix_spawnattr_setflags(
        &attributes_, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  Attributes(const Attributes&) = delete;
  Attributes& operator=(const Attributes&) = delete;
  ~Attributes() { posix_spawnattr_destroy(&attributes_); }
  [[nodiscard]] const posix_spawnattr_t* get() const { return &attributes_; }

 private:
  posix_spawnattr_t attributes_{};
};

}  // namespace

pid_t spawn_launcher(const std::filesystem::path& launcher, const ProcessSpec& spec,
                     int report_fd) {
  FileActions actions;
  actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  actions.open(STDOUT_FILENO, spec.output.string(), O_WRONLY | O_CREAT | O_TRUNC);
  actions.open(STDERR_FILENO, spec.errors.string(), O_WRONLY | O_CREAT | O_TRUNC);
  actions.move(report_fd, kReportFd);
  actions.enter(spec.folder.string());
  const Attributes attributes;
  std::vector<std::string> arguments{launcher.string(), std::to_string(kReportFd),
                                     std::to_string(getpid()), kGraceMs, cpu_list(spec.cpus)};
  arguments.insert(arguments.end(), spec.arguments.begin(), spec.arguments.end());
  auto variables = environment(spec.folder);
  pid_t pid = -1;
  check_spawn(posix_spawn(&pid, launcher.c_str(), actions.get(), attributes.get(),
                          pointers(arguments).data(), pointers(variables).data()),
              "start", launcher.string());
  return pid;
}

}  // namespace dlab::bench
