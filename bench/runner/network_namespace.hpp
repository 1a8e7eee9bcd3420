#pragma once

#include <map>
#include <string>
#include <string_view>

namespace dlab::bench {

// Where runs take place.
enum class NamespaceKind {
  root,  // a fresh network namespace each, as root
  user,  // a fresh network namespace each, inside a user namespace of our own
  host,  // neither is allowed: the host's network
};

std::string_view name_of(NamespaceKind kind);

// Finds out what is allowed and, where needed, enters a user namespace in which this user keeps
// his number. Call once, before any thread is started: this process, and all that it starts later,
// stays in there. Throws std::system_error.
NamespaceKind prepare_namespaces();

// Moves this (single-threaded) process into a network namespace in which nobody has sent anything
// yet: loopback up, kNetworkSettings written. Programs started afterwards share it; it ends with
// the last of them. With `host`: does nothing. Throws std::system_error.
void enter_fresh_namespace(NamespaceKind kind);

// The sysctls pinned in each fresh namespace: file below /proc/sys/net/ipv4 -> value. The limits
// of the buffers are Linux 6.18's own; no metrics are saved, so that no run learns from another.
const std::map<std::string, std::string>& pinned_sysctls();

// The values that hold in the current namespace, of the pinned ones and others that matter.
std::map<std::string, std::string> current_sysctls();

}  // namespace dlab::bench
