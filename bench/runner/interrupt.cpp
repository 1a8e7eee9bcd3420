#include "bench/runner/interrupt.hpp"

#include <signal.h>
#include <unistd.h>

#include "common/base/check.hpp"
#include "common/base/signals.hpp"

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

// A shell without job control ignores SIGINT for what it starts with `&`, since Ctrl-C is for what
// runs before it. A session of its own (setsid(1)) hears no Ctrl-C: there a SIGINT is meant.
bool stays_ignored(int signal_number) {
  return base::is_ignored(signal_number) && (signal_number != SIGINT || getsid(0) != getpid());
}

}  // namespace

void catch_interrupts() {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    if (!stays_ignored(signal_number)) {
      handle(signal_number, remember);
    }
  }
  handle(SIGPIPE, SIG_IGN);
  base::fail_beyond_file_size_limit();
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
