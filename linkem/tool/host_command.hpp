#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "linkem/namespaces.hpp"

namespace dlab::linkem::tool {

// A PID namespace for everything that is started from now on (pid_namespaces(7)). Its first
// process does nothing but wait; when that ends, and it ends with this process, the kernel kills
// all others in there.
class ProcessNamespace {
 public:
  // Throws std::system_error.
  ProcessNamespace();
  ProcessNamespace(const ProcessNamespace&) = delete;
  ProcessNamespace& operator=(const ProcessNamespace&) = delete;
  ~ProcessNamespace();

 private:
  base::FileDescriptor lifeline_;  // closed when this process ends
  pid_t init_ = -1;
};

// Whose signals from the terminal (Ctrl-C, Ctrl-Z) a command hears: ours, none, or its own ones, as
// a shell with jobs of its own must: from in there it cannot name our process group.
enum class Group { ours, own, foreground };

// A command to start on a host.
struct HostCommand {
  std::vector<std::string> arguments;
  const NetworkNamespace* network = nullptr;
  int input = -1;  // descriptors to take the place of the usual ones; -1: ours
  int output = -1;
  Group group = Group::ours;
};

// Starts it; the caller waits for it. Signals are as they come by default. A command that cannot be
// executed says so and exits 127. Throws std::system_error.
pid_t start_on_host(const HostCommand& command);

// Is our process group in the foreground of the terminal at standard input?
bool in_foreground();
// Puts it there (tcsetpgrp(3)), also from the background.
void come_to_foreground();

}  // namespace dlab::linkem::tool
