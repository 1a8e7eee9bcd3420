#pragma once

#include <string>

namespace dlab::linkem {

// This machine, as far as it decides what can be done about something that it refused.
struct Machine {
  bool root = false;                 // this process is root's, be it a container's
  bool container = false;            // it runs in one
  bool filtered = false;             // its system calls are (seccomp(2))
  bool sys_admin = false;            // it has the capability to make namespaces
  bool net_admin = false;            // and the one to administer networks (capabilities(7))
  bool tun = false;                  // there is a /dev/net/tun
  bool user_namespaces_off = false;  // by a sysctl
  bool apparmor = false;             // keeps user namespaces from unknown programs
  std::string profile;               // for AppArmor, which makes this program a known one
};

Machine this_machine();

// Which step on the way to a network namespace was refused.
enum class Step {
  user_namespace,
  mapping,  // of ids into a user namespace
  network_namespace,
};

// Each a line for people: what was refused, why, and what to type on this machine. `error_number`:
// the kernel's answer. Nobody is told to take a restriction off the whole machine.
std::string no_namespaces(const Machine& machine, Step step, int error_number);
std::string no_tun(const Machine& machine, int error_number);
std::string no_congestion(const Machine& machine, const std::string& algorithm);
std::string no_io_uring(const Machine& machine, int error_number);

}  // namespace dlab::linkem
