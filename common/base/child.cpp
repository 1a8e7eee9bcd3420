#include "common/base/child.hpp"

#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "common/base/check.hpp"

namespace dlab::base {

bool die_with(pid_t parent) noexcept {
  return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent;
}

std::array<FileDescriptor, 2> message_sockets(std::string_view object) {
  std::array<int, 2> ends{};
  check(::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()), "socketpair", object);
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

}  // namespace dlab::base
