#include "bench/runner/launcher/process_tree.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <initializer_list>

#include "common/base/clock.hpp"

namespace dlab::bench::launcher {
namespace {

constexpr long kForeverMs = 3'600'000;
constexpr long kReapMs = 10;
constexpr int kReapRounds = 500;

// Waits for one of the blocked signals; 0 when `timeout_ms` went by without one.
int next_signal(long timeout_ms) {
  sigset_t handled;
  sigemptyset(&handled);
  sigaddset(&handled, SIGTERM);
  sigaddset(&handled, SIGINT);
  sigaddset(&handled, SIGCHLD);
  const timespec timeout = base::to_timespec(std::chrono::milliseconds(timeout_ms));
  const int signal_number = sigtimedwait(&handled, nullptr, &timeout);
  if (signal_number < 0) {
    return errno == EINTR ? SIGCHLD : 0;
  }
  return signal_number;
}

// Kills the direct children: with a subreaper these come to be all that descends from the program.
void kill_children() {
  const int fd = open("/proc/thread-self/children", O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return;  // a kernel without this list: the process group's signal has to do
  }
  char text[4096];
  const ssize_t length = read(fd, text, sizeof text - 1);
  close(fd);
  text[length > 0 ? length : 0] = '\0';
  char* next = text;
  for (long pid = std::strtol(next, &next, 10); pid > 0; pid = std::strtol(next, &next, 10)) {
    kill(static_cast<pid_t>(pid), SIGKILL);
  }
}

}  // namespace

std::int64_t monotonic_ns() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::int64_t{now.tv_sec} * 1'000'000'000 + now.tv_nsec;
}

void ProcessTree::wait() {
  wait_for_program();
  end_what_is_left();
}

void ProcessTree::wait_for_program() {
  bool stopping = false;
  std::int64_t kill_at_ns = 0;
  for (reap(); !ended_; reap()) {
    const long left_ms = stopping ? (kill_at_ns - monotonic_ns()) / 1'000'000 : kForeverMs;
    if (stopping && left_ms <= 0) {
      kill(-program_, SIGKILL);
    }
    const int signal_number = next_signal(left_ms > 0 ? left_ms : kReapMs);
    if (!stopping && (signal_number == SIGTERM || signal_number == SIGINT)) {
      stopping = true;
      kill_at_ns = monotonic_ns() + grace_ms_ * 1'000'000;
      kill(-program_, SIGTERM);
      kill(-program_, SIGCONT);  // who is halted would not hear it
    }
  }
}

void ProcessTree::end_what_is_left() {
  for (int round = 0; round < kReapRounds; ++round) {
    if (!reap()) {
      return;
    }
    kill(-program_, SIGKILL);
    kill_children();
    next_signal(kReapMs);
  }
}

// Takes in all that have ended; false when nothing of the tree is left.
bool ProcessTree::reap() {
  for (;;) {
    int status = 0;
    rusage usage{};
    const pid_t pid = wait4(-1, &status, WNOHANG, &usage);
    if (pid == 0) {
      return true;
    }
    if (pid < 0) {
      ended_ = true;  // no children: whatever happened, there is nothing to wait for
      return false;
    }
    add(usage);
    if (pid == program_) {
      ended_ = true;
      exit_ns_ = monotonic_ns();
      wait_status_ = status;
    }
  }
}

void ProcessTree::add(const rusage& usage) {
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    cpu_us_ += std::int64_t{time.tv_sec} * 1'000'000 + time.tv_usec;
  }
  switches_ += std::int64_t{usage.ru_nvcsw} + usage.ru_nivcsw;
  maxrss_kib_ = usage.ru_maxrss > maxrss_kib_ ? usage.ru_maxrss : maxrss_kib_;
}

}  // namespace dlab::bench::launcher
