#include "linkem/advice.hpp"

#include <linux/capability.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string_view>

namespace dlab::linkem {
namespace {

namespace fs = std::filesystem;

// Behind "NAME:" in /proc/self/status (proc_pid_status(5)); 0 without such a line.
std::uint64_t status_field(std::string_view name, int base) {
  std::ifstream file("/proc/self/status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':') {
      return std::strtoull(line.c_str() + name.size() + 1, nullptr, base);
    }
  }
  return 0;
}

bool has_capability(unsigned number) {
  constexpr int kHexadecimal = 16;
  return (status_field("CapEff", kHexadecimal) >> number & 1U) != 0;
}

// Whether the number in a file of /proc/sys is this one; no for a file that is not there.
bool sysctl_is(const char* path, long value) {
  std::ifstream file(path);
  long number = 0;
  return file >> number && number == value;
}

// Docker, Podman, systemd-nspawn and Kubernetes each leave a mark of their own.
bool in_container() {
  constexpr std::array kMarks{"/.dockerenv", "/run/.containerenv", "/run/systemd/container"};
  return std::ranges::any_of(kMarks, [](const char* mark) { return access(mark, F_OK) == 0; }) ||
         std::getenv("container") != nullptr || std::getenv("KUBERNETES_SERVICE_HOST") != nullptr;
}

// What `docker run` and `podman run` lack in a container that should have links.
std::string container_flags(const Machine& machine, Step step) {
  std::string flags;
  if (!machine.root && step == Step::user_namespace && machine.filtered &&
      !machine.user_namespaces_off) {
    flags += " --security-opt seccomp=unconfined";
  } else {
    flags += machine.root ? "" : " --user root";
    flags += machine.sys_admin ? "" : " --cap-add SYS_ADMIN";
    flags += machine.net_admin ? "" : " --cap-add NET_ADMIN";
  }
  flags += machine.tun ? "" : " --device /dev/net/tun";
  return flags.empty() ? " --privileged" : flags;
}

std::string as_root(const Machine& machine, const std::string& command) {
  return machine.root ? command : "sudo " + command;
}

std::string cause_of(const Machine& machine, Step step, int error_number) {
  const bool by_profile = step == Step::mapping || machine.apparmor;
  if (!machine.container && !machine.root && by_profile) {
    return "AppArmor lets only programs that it knows use user namespaces";
  }
  if (step == Step::user_namespace && machine.user_namespaces_off) {
    return "user namespaces are switched off";
  }
  return std::string(step == Step::mapping ? "map ids in a user namespace: " : "unshare: ") +
         std::strerror(error_number);
}

std::string remedy_for(const Machine& machine, Step step) {
  if (machine.container || machine.root) {
    return "start the container with" + container_flags(machine, step);
  }
  if (step == Step::mapping || machine.apparmor) {
    return "sudo apparmor_parser -r '" + machine.profile + "'";
  }
  return "run it with sudo";
}

}  // namespace

Machine this_machine() {
  std::error_code unknown;
  const auto program = fs::read_symlink("/proc/self/exe", unknown);
  return {
      .root = geteuid() == 0,
      .container = in_container(),
      .filtered = status_field("Seccomp", 10) != 0,
      .sys_admin = has_capability(CAP_SYS_ADMIN),
      .net_admin = has_capability(CAP_NET_ADMIN),
      .tun = access("/dev/net/tun", F_OK) == 0,
      .user_namespaces_off = sysctl_is("/proc/sys/user/max_user_namespaces", 0) ||
                             sysctl_is("/proc/sys/kernel/unprivileged_userns_clone", 0),
      .apparmor = sysctl_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", 1),
      .profile = program.parent_path().parent_path() / "apparmor/dlab",
  };
}

std::string no_namespaces(const Machine& machine, Step step, int error_number) {
  return "this machine allows no network namespaces (" + cause_of(machine, step, error_number) +
         "): " + remedy_for(machine, step);
}

std::string no_tun(const Machine& machine, int error_number) {
  const std::string cause = std::string("/dev/net/tun: ") + std::strerror(error_number) + ": ";
  if (error_number == EACCES) {
    return cause + as_root(machine, "chmod 666 /dev/net/tun");
  }
  if (machine.container) {
    return cause + "start the container with --device /dev/net/tun";
  }
  return cause + as_root(machine,
                         "sh -c 'modprobe tun; mkdir -p /dev/net; mknod -m 666 "
                         "/dev/net/tun c 10 200'");
}

std::string no_congestion(const Machine& machine, const std::string& algorithm) {
  return "this kernel has no congestion control " + algorithm + ": " +
         (machine.container ? "on the host, " : "") + as_root(machine, "modprobe tcp_" + algorithm);
}

std::string no_io_uring(const Machine& machine, int error_number) {
  const std::string cause = std::string("io_uring: ") + std::strerror(error_number);
  return cause + (machine.filtered ? ": start the container with --security-opt seccomp=unconfined"
                                   : ": see kernel.io_uring_disabled in sysctl(8)");
}

}  // namespace dlab::linkem
