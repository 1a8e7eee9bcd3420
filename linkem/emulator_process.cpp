#include "linkem/emulator_process.hpp"

#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <exception>
#include <vector>

#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"
#include "linkem/control.hpp"
#include "linkem/namespaces.hpp"
#include "linkem/processors.hpp"
#include "linkem/star.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

constexpr int kControl = 3;

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

std::vector<TunDevice> make_hosts(const std::vector<HostSpec>& hosts, const cpu_set_t& receivers) {
  std::vector<TunDevice> devices;
  for (std::size_t host = 0; host < hosts.size(); ++host) {
    enter_fresh_namespace(NamespaceKind::root);
    let_receive(receivers);
    devices.emplace_back(host_address(host), hosts[host].gso_max_segs);
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
    const FileDescriptor awake = keep_processors_awake();
    Star star(spec, make_hosts(spec.hosts, take_last_processor()), kControl, counters);
    if (awake.is_open()) {
      send_message(kControl, MessageKind::awake);
    }
    if (ask_for_real_time()) {
      send_message(kControl, MessageKind::realtime);
    }
    send_message(kControl, MessageKind::ready);
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
