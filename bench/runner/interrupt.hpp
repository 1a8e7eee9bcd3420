#pragma once

#include <exception>

namespace dlab::bench {

// SIGINT, SIGTERM or SIGHUP came.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "interrupted by a signal"; }
};

// From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the process; waits are
// cut short by them (no SA_RESTART). One that is ignored stays so (nohup(1), a script's `&`), but
// for SIGINT to a process that leads a session of its own. SIGPIPE is ignored, and a file beyond
// its limit is an error. Throws std::system_error.
void catch_interrupts();

// Which of them came first; 0: none has come.
int interrupting_signal();

// Throws Interrupted once one of them has come.
void check_interrupted();

}  // namespace dlab::bench
