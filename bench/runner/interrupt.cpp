#include "bench/runner/interrupt.hpp"

#include <signal.h>

#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

volatile sig_atomic_t interrupted = 0;

void remember(int) {
  interrupted = 1;
}

void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  base::check(sigaction(signal_number, &action, nullptr), "sigaction", "of the runner");
}

}  // namespace

void catch_interrupts() {
  handle(SIGINT, remember);
  handle(SIGTERM, remember);
  handle(SIGHUP, remember);
  handle(SIGPIPE, SIG_IGN);
}

void check_interrupted() {
  if (interrupted != 0) {
    throw Interrupted();
  }
}

}  // namespace dlab::bench
