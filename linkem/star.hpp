#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/net/poller.hpp"
#include "linkem/hub.hpp"
#include "linkem/interval_log.hpp"
#include "linkem/pcap_writer.hpp"
#include "linkem/shared_counters.hpp"
#include "linkem/tun_device.hpp"

namespace dlab::linkem {

// The event loop that moves packets between the hosts' devices and the hub. One thread; in steady
// state nothing is allocated.
class Star {
 public:
  // `devices`: one for each host of `spec`; `files`: those that it names. `control`: see
  // control.hpp. `counters` must outlive this. Throws std::system_error.
  Star(const StarSpec& spec, std::vector<TunDevice> devices, OutputFiles files, int control,
       const SharedCounters& counters);

  // Returns when the control channel's other end is closed. Throws std::system_error.
  void run();

 private:
  void wait();
  void receive(std::size_t host);
  void deliver();
  void account(const Packet& packet);
  bool obey();
  void publish();
  [[nodiscard]] std::string complaint() const;

  PacketPool pool_;
  Hub hub_;
  std::vector<TunDevice> devices_;
  int control_;
  const SharedCounters& counters_;
  net::Poller poller_;
  Punctuality punctuality_;
  std::unique_ptr<PcapWriter> pcap_;
  std::unique_ptr<IntervalLog> log_;
  bool stopped_ = false;
};

}  // namespace dlab::linkem
