#include "bench/runner/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

volatile sig_atomic_t first_signal = 0;

void remember(int signal_number) {
  if (first_signal == 0) {
    first_signal = signal_number;
  }
}

void handle(int signal_number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  base::check(sigaction(signal_number, &action, nullptr), "sigaction", "of the runner");
}

bool is_ignored(int signal_number) {
  struct sigaction action {};
  base::check(sigaction(signal_number, nullptr, &action), "sigaction", "of the runner");
  return action.sa_handler == SIG_IGN;
}

// A shell without job control ignores SIGINT for what it starts with `&`, since Ctrl-C is for what
// runs before it. A session of its own (setsid(1)) hears no Ctrl-C: there a SIGINT is meant.
bool stays_ignored(int signal_number) {
  return is_ignored(signal_number) && (signal_number != SIGINT || getsid(0) != getpid());
}

}  // namespace

void catch_interrupts() {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!stays_ignored(signal_number)) {
      handle(signal_number, remember);
    }
  }
  handle(SIGPIPE, SIG_IGN);
}

int interrupting_signal() {
  return first_signal;
}

void check_interrupted() {
  if (first_signal != 0) {
    throw Interrupted();
  }
}

}  // namespace dlab::bench
