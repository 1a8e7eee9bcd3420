#pragma once

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "linkem/counters.hpp"
#include "linkem/link_spec.hpp"
#include "linkem/namespaces.hpp"
#include "linkem/processors.hpp"
#include "linkem/shared_counters.hpp"

namespace dlab::linkem {

// What a star has done so far.
struct Snapshot {
  std::vector<DirectionCounters> up;  // by host
  std::vector<DirectionCounters> down;
  Punctuality punctuality;
  std::string complaint;  // what kept it from writing its files, "" for nothing
};

// A star of hosts at work: a process of its own moves the packets, with real-time scheduling where
// that is allowed. Its namespaces and devices end with this object; and with this process, however
// it ends.
//
//   Emulator star(star_of(*find_link("wan"), 1));
//   star.network(0).enter();   // what is opened and started now is on the host "server"
class Emulator {
 public:
  // prepare_namespaces() must have been called, and not have answered `host`. Throws Unavailable
  // where the machine does not allow it, std::invalid_argument for no hosts or too many,
  // std::system_error, std::runtime_error with what the emulator's process said.
  explicit Emulator(const StarSpec& spec);
  Emulator(const Emulator&) = delete;
  Emulator& operator=(const Emulator&) = delete;
  ~Emulator();

  [[nodiscard]] const NetworkNamespace& network(std::size_t host) const { return networks_[host]; }
  [[nodiscard]] std::size_t hosts() const { return networks_.size(); }
  // Of what keeps its packets punctual; as long as this lives.
  [[nodiscard]] const Granted& granted() const { return granted_; }
  [[nodiscard]] pid_t pid() const { return pid_; }

  // Both throw std::runtime_error when the emulator's process has died or does not answer.
  [[nodiscard]] Snapshot snapshot() const;
  // From now on both directions of host `host`'s link have this rate. Also std::out_of_range.
  void set_rate(std::size_t host, base::BitRate rate) const;

 private:
  void receive_hosts();
  void end() noexcept;

  SharedCounters counters_;
  base::FileDescriptor control_;
  pid_t pid_ = -1;
  Granted granted_;
  std::vector<NetworkNamespace> networks_;
};

}  // namespace dlab::linkem
