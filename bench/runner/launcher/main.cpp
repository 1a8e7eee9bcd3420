// dlab_launch REPORT_FD PARENT_PID GRACE_MS CPUS PROGRAM [ARGUMENT ...]
//
// Starts one program for the bench runner, waits for its whole process tree, and writes one line
// about it to REPORT_FD:   spawn_ns exit_ns wait_status cpu_us maxrss_kib switches
//
// Why a program of its own: a process inherits the peak resident memory of the process that forked
// it (Linux keeps it across exec), so a client that the runner forked itself would seem to need as
// much memory as the runner. This one is static and needs about 1 MiB.
//
// SIGTERM asks the program's process group to end and kills what is left of it after GRACE_MS; the
// death of the runner has the same effect. CPUS: a list such as 0,1 or - for all.
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "bench/runner/launcher/process_tree.hpp"

namespace {

using dlab::bench::launcher::ProcessTree;

constexpr int kUsage = 2;
constexpr int kCannotStart = 127;

struct Request {
  int report_fd = -1;
  pid_t parent = 0;
  long grace_ms = 0;
  bool pinned = false;
  cpu_set_t cpus{};
  char** program = nullptr;
};

void parse_cpus(const char* text, Request& request) {
  CPU_ZERO(&request.cpus);
  request.pinned = std::strcmp(text, "-") != 0;
  while (request.pinned && *text != '\0') {
    char* end = nullptr;
    CPU_SET(std::strtoul(text, &end, 10), &request.cpus);
    if (end == text) {
      return;
    }
    text = *end == ',' ? end + 1 : end;
  }
}

// Runs between vfork and exec: shares the parent's memory, so it only makes system calls.
// Returns only when something was refused, with errno set.
void become_program(const Request& request, pid_t launcher, const sigset_t& no_signals) {
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != launcher || setpgid(0, 0) != 0) {
    return;
  }
  if (request.pinned && sched_setaffinity(0, sizeof request.cpus, &request.cpus) != 0) {
    return;
  }
  if (sigprocmask(SIG_SETMASK, &no_signals, nullptr) == 0) {
    execv(request.program[0], request.program);
  }
}

pid_t start(const Request& request) {
  sigset_t no_signals;
  sigemptyset(&no_signals);
  const pid_t launcher = getpid();
  volatile int error_number = 0;  // the child writes it: vfork shares the memory
  const pid_t child = vfork();
  if (child == 0) {
    become_program(request, launcher, no_signals);
    error_number = errno;
    _exit(kCannotStart);
  }
  if (child < 0) {
    error_number = errno;
  }
  if (error_number != 0) {
    std::fprintf(stderr, "%s: %s\n", request.program[0], std::strerror(error_number));
  }
  return child;
}

// Blocks the signals that ProcessTree waits for, keeps all descriptors but the usual three from
// the program, and ties this process to the runner's life.
bool prepare(const Request& request) {
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGINT);
  sigaddset(&handled, SIGCHLD);
  return sigprocmask(SIG_BLOCK, &handled, nullptr) == 0 &&
         close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) == 0 &&
         prctl(PR_SET_CHILD_SUBREAPER, 1) == 0 && prctl(PR_SET_PDEATHSIG, SIGTERM) == 0 &&
         getppid() == request.parent;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 6) {
    std::fputs("usage: dlab_launch REPORT_FD PARENT_PID GRACE_MS CPUS PROGRAM [ARGUMENT ...]\n",
               stderr);
    return kUsage;
  }
  Request request;
  request.report_fd = std::atoi(argv[1]);
  request.parent = std::atoi(argv[2]);
  request.grace_ms = std::atol(argv[3]);
  parse_cpus(argv[4], request);
  request.program = argv + 5;
  if (!prepare(request)) {
    std::fprintf(stderr, "dlab_launch: prepare: %s\n", std::strerror(errno));
    return 1;
  }
  const std::int64_t spawn_ns = dlab::bench::launcher::monotonic_ns();
  const pid_t program = start(request);
  if (program < 0) {
    return 1;
  }
  ProcessTree tree(program, request.grace_ms);
  tree.wait();
  dprintf(request.report_fd, "%lld %lld %d %lld %ld %lld\n", static_cast<long long>(spawn_ns),
          static_cast<long long>(tree.exit_ns()), tree.wait_status(),
          static_cast<long long>(tree.cpu_us()), tree.maxrss_kib(),
          static_cast<long long>(tree.switches()));
  return 0;
}
