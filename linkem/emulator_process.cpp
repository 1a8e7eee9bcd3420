#include "linkem/emulator_process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <exception>
#include <vector>

#include "common/base/check.hpp"
#include "linkem/control.hpp"
#include "linkem/namespaces.hpp"
#include "linkem/star.hpp"

namespace dlab::linkem {
namespace {

using base::check;

constexpr int kControl = 3;
constexpr int kPriority = 10;

// Nothing of the parent's stays open here: a pipe would never seem closed to its reader.
void keep_only(int control) {
  if (control != kControl) {
    check(dup3(control, kControl, O_CLOEXEC), "dup3", "the control channel");
  }
  check(close_range(kControl + 1, ~0U, 0), "close_range", "the parent's descriptors");
}

// Ctrl-C is for the parent, which ends this process when it has read the counters.
void stand_apart(pid_t parent) {
  check(prctl(PR_SET_PDEATHSIG, SIGKILL), "prctl", "PR_SET_PDEATHSIG");
  if (getppid() != parent) {
    _exit(1);
  }
  setpgid(0, 0);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
    signal(signal_number, SIG_IGN);
  }
  prctl(PR_SET_NAME, "linkem-hub");
}

bool ask_for_real_time() {
  prctl(PR_SET_TIMERSLACK, 1UL);  // for the case that the next call is refused
  const sched_param parameters{kPriority};
  const bool granted = sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameters) == 0;
  mlockall(MCL_CURRENT | MCL_FUTURE);
  return granted;
}

std::vector<TunDevice> make_hosts(std::size_t count) {
  std::vector<TunDevice> devices;
  for (std::size_t host = 0; host < count; ++host) {
    enter_fresh_namespace(NamespaceKind::root);
    devices.emplace_back(host_address(host));
    const auto network = NetworkNamespace::current();
    send_message(kControl, MessageKind::host, {}, network.fd().get());
  }
  return devices;
}

}  // namespace

[[noreturn]] void run_emulator_process(const StarSpec& spec, int control,
                                       const SharedCounters& counters, pid_t parent) {
  try {
    stand_apart(parent);
    keep_only(control);
    Star star(spec, make_hosts(spec.hosts.size()), kControl, counters);
    send_message(kControl, ask_for_real_time() ? MessageKind::ready_realtime : MessageKind::ready);
    star.run();
    _exit(0);
  } catch (const Unavailable& error) {
    send_message(kControl, MessageKind::unavailable, error.what());
  } catch (const std::exception& error) {
    send_message(kControl, MessageKind::failed, error.what());
  }
  _exit(1);
}

}  // namespace dlab::linkem
