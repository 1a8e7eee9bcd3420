#include "linkem/emulator_process.hpp"

#include <linux/close_range.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <utility>
#include <vector>

#include "common/base/check.hpp"
#include "common/base/child.hpp"
#include "common/base/file_descriptor.hpp"
#include "linkem/control.hpp"
#include "linkem/namespaces.hpp"
#include "linkem/output_file.hpp"
#include "linkem/processors.hpp"
#include "linkem/star.hpp"

namespace dlab::linkem {
namespace {

using base::check;
using base::FileDescriptor;

// One of the parent's descriptors may be meant, as /dev/fd/63: not after keep_only().
OutputFiles open_files(const StarSpec& spec) {
  OutputFiles files;
  if (!spec.log.empty()) {
    files.log.emplace(spec.log);
  }
  if (!spec.pcap.empty()) {
    files.pcap.emplace(spec.pcap);
  }
  return files;
}

void close_parents(unsigned first, unsigned last) {
  if (first <= last) {
    check(close_range(first, last, 0), "close_range", "the parent's descriptors");
  }
}

// Nothing else of the parent's stays open here: a pipe would never seem closed to its reader.
void keep_only(int control, const OutputFiles& files) {
  std::vector<int> kept{STDERR_FILENO, control};
  for (const auto* file : {&files.log, &files.pcap}) {
    if (*file) {
      kept.push_back((*file)->fd());
    }
  }
  std::ranges::sort(kept);
  for (std::size_t i = 1; i < kept.size(); ++i) {
    close_parents(static_cast<unsigned>(kept[i - 1]) + 1, static_cast<unsigned>(kept[i]) - 1);
  }
  close_parents(static_cast<unsigned>(kept.back()) + 1, ~0U);
}

// Ctrl-C is for the parent, which ends this process when it has read the counters.
void stand_apart(pid_t parent) {
  if (!base::die_with(parent)) {
    _exit(1);
  }
  setpgid(0, 0);
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) {
    signal(signal_number, SIG_IGN);
  }
  prctl(PR_SET_NAME, "linkem-hub");
}

// Passes their namespaces to the parent; in `granted`: whether all settings could be pinned.
std::vector<TunDevice> make_hosts(const std::vector<HostSpec>& hosts, const cpu_set_t& receivers,
                                  int control, Granted& granted) {
  std::vector<TunDevice> devices;
  for (std::size_t host = 0; host < hosts.size(); ++host) {
    granted.pinned = enter_fresh_namespace(NamespaceKind::root);
    let_receive(receivers);
    devices.emplace_back(host_address(host), hosts[host].gso_max_segs);
    const auto network = NetworkNamespace::current();
    send_message(control, MessageKind::host, {}, network.fd().get());
  }
  return devices;
}

}  // namespace

[[noreturn]] void run_emulator_process(const StarSpec& spec, int control,
                                       const SharedCounters& counters, pid_t parent) {
  try {
    stand_apart(parent);
    OutputFiles files = open_files(spec);
    keep_only(control, files);
    Granted granted;
    const FileDescriptor awake = keep_processors_awake();
    granted.awake = awake.is_open();
    Star star(spec, make_hosts(spec.hosts, take_last_processor(), control, granted),
              std::move(files), control, counters);
    granted.locked_memory = lock_memory();
    granted.realtime = ask_for_real_time();
    send_message(control, {.kind = MessageKind::ready, .granted = granted});
    star.run();
    _exit(0);
  } catch (const Unavailable& error) {
    send_message(control, MessageKind::unavailable, error.what());
  } catch (const std::exception& error) {
    send_message(control, MessageKind::failed, error.what());
  }
  _exit(1);
}

}  // namespace dlab::linkem
