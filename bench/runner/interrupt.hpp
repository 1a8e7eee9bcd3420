#pragma once

#include <exception>

namespace dlab::bench {

// SIGINT or SIGTERM came.
class Interrupted : public std::exception {
 public:
  [[nodiscard]] const char* what() const noexcept override { return "interrupted by a signal"; }
};

// From now on SIGINT, SIGTERM and SIGHUP are remembered instead of ending the process; waits are
// cut short by them (no SA_RESTART). SIGPIPE is ignored. Throws std::system_error.
void catch_interrupts();

// Throws Interrupted once one of them has come.
void check_interrupted();

}  // namespace dlab::bench
