#include "linkem/tool/shells.hpp"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "linkem/emulator.hpp"
#include "linkem/tool/session.hpp"
#include "linkem/tool/summary.hpp"

namespace dlab::linkem::tool {
namespace {

using base::check;
using base::FileDescriptor;

std::string users_shell() {
  const char* shell = std::getenv("SHELL");
  return shell != nullptr && *shell != '\0' ? shell : "/bin/sh";
}

// setns(2) into a namespace of another process.
void enter(const std::string& path, int kind) {
  const FileDescriptor space(check(open(path.c_str(), O_RDONLY | O_CLOEXEC), "open", path));
  check(setns(space.get(), kind), "setns", path);
}

// The network namespaces that a linkem process holds stand in the order of its hosts.
std::string network_of(const std::string& process, std::size_t host) {
  std::vector<int> held;
  for (const auto& entry : std::filesystem::directory_iterator(process + "/fd")) {
    std::error_code gone;
    if (std::filesystem::read_symlink(entry.path(), gone).string().starts_with("net:[")) {
      held.push_back(std::stoi(entry.path().filename()));
    }
  }
  std::ranges::sort(held);
  if (host >= held.size()) {
    throw std::runtime_error(process + " keeps no link; see what `linkem shell` printed");
  }
  return process + "/fd/" + std::to_string(held[host]);
}

bool same_namespace(const std::string& a, const std::string& b) {
  return std::filesystem::read_symlink(a) == std::filesystem::read_symlink(b);
}

}  // namespace

Options with_shell(Options options) {
  options.command = {users_shell()};
  return options;
}

void greet(const NamedLink& link, std::uint16_t port) {
  std::string place = host_address(0);
  if (port != 0) {
    place.append(":").append(std::to_string(port));
  }
  std::fprintf(stderr,
               "%s\nThis shell is on the client, %s; the server is %s. For a shell there, in "
               "another terminal:\n  '%s' join %d server\nThe link ends with this shell.\n",
               describe(link).c_str(), host_address(1).c_str(), place.c_str(),
               std::filesystem::read_symlink("/proc/self/exe").c_str(), static_cast<int>(getpid()));
}

int join_shell(const Options& options) {
  const std::string process = "/proc/" + std::to_string(options.join_pid);
  const int host = options.join_host == "server" ? 0 : options.join_host == "client" ? 1 : -1;
  if (host < 0) {
    throw base::UsageError("a star has no host " + options.join_host + ": server or client");
  }
  if (!same_namespace(process + "/ns/user", "/proc/self/ns/user")) {
    enter(process + "/ns/user", CLONE_NEWUSER);
  }
  enter(network_of(process, static_cast<std::size_t>(host)), CLONE_NEWNET);
  const std::string shell = users_shell();
  execl(shell.c_str(), shell.c_str(), nullptr);
  base::throw_system_error(errno, "execute", shell);
}

}  // namespace dlab::linkem::tool
