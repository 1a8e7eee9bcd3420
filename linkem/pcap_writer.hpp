#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>

#include "linkem/packets.hpp"

namespace dlab::linkem {

// Writes packets as they were delivered, in the classic capture format with nanoseconds and raw IP
// (LINKTYPE_RAW), as tcpdump and tshark read it. The format: draft-ietf-opsawg-pcap.
class PcapWriter {
 public:
  // Throws std::system_error when the file cannot be made.
  explicit PcapWriter(const std::filesystem::path& path);

  // With the time at which it was due, by the real-time clock.
  void add(const Packet& packet);
  void flush();

  // What kept it from writing, "" for nothing: a full disk. It then writes no more.
  [[nodiscard]] const std::string& complaint() const { return complaint_; }

 private:
  void note(bool written);

  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::string complaint_;
  base::Duration to_real_time_;  // what to add to our clock
};

}  // namespace dlab::linkem
