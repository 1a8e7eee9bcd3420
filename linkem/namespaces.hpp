#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include "common/base/file_descriptor.hpp"

namespace dlab::linkem {

// This machine does not allow what an emulated link needs. The text says what is missing and how
// to get it.
class Unavailable : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// How this process may make network namespaces.
enum class NamespaceKind {
  root,  // as root
  user,  // inside a user namespace of our own
  host,  // not at all: there is only the host's network
};

std::string_view name_of(NamespaceKind kind);

// What this process has got, and with `host` why, and what to do about it on this machine.
struct Namespaces {
  NamespaceKind kind = NamespaceKind::host;
  std::string obstacle;
};

// Finds out what is allowed and, where needed, enters a user namespace in which this user keeps
// his number. Call once, before any thread is started: this process, and all that it starts later,
// stays in there, and in a network namespace of its own; with `host` in the network that it has.
Namespaces prepare_namespaces();

// The same for a process that is nothing without. Throws Unavailable with the obstacle.
NamespaceKind require_namespaces();

// A network namespace; it lives as long as this object or a process in it (network_namespaces(7)).
class NetworkNamespace {
 public:
  explicit NetworkNamespace(base::FileDescriptor fd) : fd_(std::move(fd)) {}

  // The one this thread is in. Throws std::system_error.
  static NetworkNamespace current();

  // Moves this thread there: what it opens and starts from then on is there. Throws
  // std::system_error.
  void enter() const;

  [[nodiscard]] const base::FileDescriptor& fd() const { return fd_; }

 private:
  base::FileDescriptor fd_;
};

// Moves this (single-threaded) process into a network namespace in which nobody has sent anything
// yet: loopback up, pinned_sysctls() written. Programs started afterwards share it; it ends with
// the last of them. False where a sysctl could not be written, as in a container whose /proc/sys is
// read-only. With `host`: does nothing. Throws std::system_error.
bool enter_fresh_namespace(NamespaceKind kind);

// The sysctls pinned in each fresh namespace: file below /proc/sys/net/ipv4 -> value. The limits
// of the buffers are Linux 6.18's own; no metrics are saved, so that no run learns from another.
const std::map<std::string, std::string>& pinned_sysctls();

// The values that hold in the current namespace, of the pinned ones and others that matter.
std::map<std::string, std::string> current_sysctls();

}  // namespace dlab::linkem
