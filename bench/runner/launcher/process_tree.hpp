#pragma once

#include <sys/types.h>

#include <cstdint>

struct rusage;

namespace dlab::bench::launcher {

// CLOCK_MONOTONIC, ns.
std::int64_t monotonic_ns();

// A started program and everything that descends from it. The caller must be a child subreaper
// (prctl(2)), so that orphans of the tree come to it, lead no other children, and have SIGCHLD,
// SIGTERM and SIGINT blocked.
class ProcessTree {
 public:
  // `program` leads a process group of its own. `grace_ms`: from SIGTERM to SIGKILL.
  ProcessTree(pid_t program, long grace_ms) : program_(program), grace_ms_(grace_ms) {}

  // Returns when nothing of the tree is left: when the program has ended, what it left behind is
  // killed. SIGTERM or SIGINT to the caller ends the tree within the grace.
  void wait();

  // Of the program: when it ended, and how (wait(2)).
  [[nodiscard]] std::int64_t exit_ns() const { return exit_ns_; }
  [[nodiscard]] int wait_status() const { return wait_status_; }
  // Of the whole tree: user and system time, and the largest resident set of any process in it.
  [[nodiscard]] std::int64_t cpu_us() const { return cpu_us_; }
  [[nodiscard]] long maxrss_kib() const { return maxrss_kib_; }
  // Of the whole tree: how often a thread of it left its CPU, waiting or made to.
  [[nodiscard]] std::int64_t switches() const { return switches_; }

 private:
  void wait_for_program();
  void end_what_is_left();
  bool reap();
  void add(const rusage& usage);

  pid_t program_;
  long grace_ms_;
  bool ended_ = false;
  std::int64_t exit_ns_ = 0;
  int wait_status_ = 0;
  std::int64_t cpu_us_ = 0;
  long maxrss_kib_ = 0;
  std::int64_t switches_ = 0;
};

}  // namespace dlab::bench::launcher
