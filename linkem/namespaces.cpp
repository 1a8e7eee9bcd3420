#include "linkem/namespaces.hpp"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "common/base/check.hpp"
#include "linkem/advice.hpp"

namespace dlab::linkem {
namespace {

using base::check;

const std::string kSysctlFolder = "/proc/sys/net/ipv4/";

// False with errno where the system does not want it.
bool write_text(const std::string& path, const std::string& text) {
  const base::FileDescriptor file(open(path.c_str(), O_WRONLY | O_CLOEXEC));
  return file.is_open() && write(file.get(), text.data(), text.size()) >= 0;
}

// user_namespaces(7): an unprivileged process may map its own ids, once it has given up setgroups.
bool map_ids(uid_t user, gid_t group) {
  return write_text("/proc/self/setgroups", "deny") &&
         write_text("/proc/self/uid_map",
                    std::to_string(user) + " " + std::to_string(user) + " 1") &&
         write_text("/proc/self/gid_map",
                    std::to_string(group) + " " + std::to_string(group) + " 1");
}

Namespaces stopped_at(const Machine& machine, Step step) {
  return {NamespaceKind::host, no_namespaces(machine, step, errno)};
}

void bring_loopback_up() {
  const base::FileDescriptor socket(
      check(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket", "for lo"));
  ifreq request{};
  std::strncpy(request.ifr_name, "lo", sizeof request.ifr_name - 1);
  check(ioctl(socket.get(), SIOCGIFFLAGS, &request), "ioctl SIOCGIFFLAGS", "lo");
  request.ifr_flags = static_cast<short>(request.ifr_flags | IFF_UP);
  check(ioctl(socket.get(), SIOCSIFFLAGS, &request), "ioctl SIOCSIFFLAGS", "lo");
}

}  // namespace

std::string_view name_of(NamespaceKind kind) {
  switch (kind) {
    case NamespaceKind::root:
      return "root";
    case NamespaceKind::user:
      return "user";
    case NamespaceKind::host:
      return "host";
  }
  return "";
}

// One step at a time: a process that is stopped at one of them still has the network that it had,
// and not one whose loopback it may not bring up.
Namespaces prepare_namespaces() {
  const Machine machine = this_machine();
  if (machine.sys_admin && machine.net_admin && unshare(CLONE_NEWNET) == 0) {
    return {NamespaceKind::root, ""};
  }
  const uid_t user = geteuid();
  const gid_t group = getegid();
  if (unshare(CLONE_NEWUSER) != 0) {
    return stopped_at(machine, Step::user_namespace);
  }
  if (!map_ids(user, group)) {
    return stopped_at(machine, Step::mapping);
  }
  if (unshare(CLONE_NEWNET) != 0) {
    return stopped_at(machine, Step::network_namespace);
  }
  return {NamespaceKind::user, ""};
}

NamespaceKind require_namespaces() {
  const auto [kind, obstacle] = prepare_namespaces();
  if (kind == NamespaceKind::host) {
    throw Unavailable(obstacle);
  }
  return kind;
}

NetworkNamespace NetworkNamespace::current() {
  const char* path = "/proc/thread-self/ns/net";
  return NetworkNamespace(
      base::FileDescriptor(check(open(path, O_RDONLY | O_CLOEXEC), "open", path)));
}

void NetworkNamespace::enter() const {
  check(setns(fd_.get(), CLONE_NEWNET), "setns", "a network namespace");
}

bool enter_fresh_namespace(NamespaceKind kind) {
  if (kind == NamespaceKind::host) {
    return false;
  }
  check(unshare(CLONE_NEWNET), "unshare", "the network namespace");
  bring_loopback_up();
  bool pinned = true;
  for (const auto& [name, value] : pinned_sysctls()) {
    pinned = write_text(kSysctlFolder + name, value) && pinned;
  }
  return pinned;
}

const std::map<std::string, std::string>& pinned_sysctls() {
  static const std::map<std::string, std::string> pinned = {
      {"tcp_rmem", "4096 131072 33554432"},
      {"tcp_wmem", "4096 16384 4194304"},
      {"tcp_no_metrics_save", "1"},
  };
  return pinned;
}

std::map<std::string, std::string> current_sysctls() {
  std::map<std::string, std::string> values;
  for (const char* name : {"tcp_rmem", "tcp_wmem", "tcp_no_metrics_save", "tcp_congestion_control",
                           "tcp_available_congestion_control", "tcp_ecn", "tcp_window_scaling",
                           "tcp_timestamps", "tcp_sack", "tcp_slow_start_after_idle",
                           "tcp_autocorking", "tcp_tso_win_divisor", "ip_local_port_range"}) {
    std::ifstream file(kSysctlFolder + name);
    std::string text;
    if (std::getline(file, text)) {
      values[name] = text;
    }
  }
  return values;
}

}  // namespace dlab::linkem
