#include "common/serve/child_processes.hpp"

#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "common/base/check.hpp"
#include "common/base/child.hpp"
#include "common/base/poll.hpp"

namespace dlab::serve {
namespace {

constexpr int kFinish = SIGUSR1;
constexpr int kCut = SIGTERM;

// What the handler knows: one child serves one connection at a time.
volatile std::sig_atomic_t served_socket = -1;
volatile std::sig_atomic_t told_to = -1;  // SHUT_RD, SHUT_RDWR; -1: nothing yet

extern "C" void end_connection(int signal) {
  const int error = errno;
  told_to = signal == kCut ? SHUT_RDWR : SHUT_RD;
  if (served_socket >= 0) {
    ::shutdown(served_socket, told_to);
  }
  errno = error;
}

sigset_t only(std::initializer_list<int> signals) {
  sigset_t set;
  ::sigemptyset(&set);
  for (const int signal : signals) {
    ::sigaddset(&set, signal);
  }
  return set;
}

void prepare_child(pid_t parent) {
  if (!base::die_with(parent)) {
    ::_exit(0);
  }
  struct sigaction action {};
  action.sa_handler = &end_connection;
  action.sa_flags = SA_RESTART;
  ::sigaction(kFinish, &action, nullptr);
  ::sigaction(kCut, &action, nullptr);
  const sigset_t heard = only({kFinish, kCut});
  ::pthread_sigmask(SIG_UNBLOCK, &heard, nullptr);
}

}  // namespace

ChildProcesses::ChildProcesses() {
  const sigset_t child = only({SIGCHLD});
  ::pthread_sigmask(SIG_BLOCK, &child, nullptr);
  ends_ = base::FileDescriptor(
      base::check(::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK), "signalfd", "for SIGCHLD"));
}

ChildProcesses::~ChildProcesses() {
  tell(SIGKILL);
  wait_until_none(kWarning);
}

void ChildProcesses::start(const std::function<void()>& body) {
  // Until the child has its handlers, what it is told must wait.
  const sigset_t told = only({kFinish, kCut});
  sigset_t before;
  ::pthread_sigmask(SIG_BLOCK, &told, &before);
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  if (child == 0) {
    prepare_child(parent);
    body();
    ::_exit(0);
  }
  const int error = errno;
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  if (child < 0) {
    base::throw_system_error(error, "fork", "");
  }
  children_.insert(child);
}

void ChildProcesses::reap() {
  std::array<signalfd_siginfo, 16> told;
  while (::read(ends_.get(), told.data(), sizeof told) > 0) {
  }
  // Signals of one kind merge: look at all.
  std::erase_if(children_, [](pid_t child) { return ::waitpid(child, nullptr, WNOHANG) == child; });
}

void ChildProcesses::tell(int signal) const {
  for (const pid_t child : children_) {
    ::kill(child, signal);
  }
}

void ChildProcesses::wait_until_none(base::Duration at_most) {
  const auto deadline = base::Deadline::after(at_most);
  for (reap(); !children_.empty() && !deadline.passed(); reap()) {
    base::poll_until(ends_.get(), POLLIN, deadline.at());
  }
}

void ChildProcesses::end_all(base::Duration grace, base::Duration warning) {
  tell(kFinish);
  wait_until_none(grace);
  tell(kCut);
  wait_until_none(warning);
  tell(SIGKILL);
  wait_until_none(kWarning);
}

void ChildProcesses::serves(int socket) {
  served_socket = socket;
  if (socket >= 0 && told_to >= 0) {
    ::shutdown(socket, told_to);
  }
}

}  // namespace dlab::serve
