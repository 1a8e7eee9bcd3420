#pragma once

#include "linkem/output_file.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {

// Writes packets as they were delivered, in the classic capture format with nanoseconds and raw IP
// (LINKTYPE_RAW), as tcpdump and tshark read it. The format: draft-ietf-opsawg-pcap.
class PcapWriter {
 public:
  explicit PcapWriter(OutputFile file);

  // With the time at which it was due, by the real-time clock.
  void add(const Packet& packet);
  void flush() { file_.flush(); }

  [[nodiscard]] const std::string& complaint() const { return file_.complaint(); }

 private:
  OutputFile file_;
  base::Duration to_real_time_;  // what to add to our clock
};

}  // namespace dlab::linkem
