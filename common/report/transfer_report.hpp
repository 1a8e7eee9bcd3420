#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/report/byte_timeline.hpp"

namespace dlab::report {

// What one connection of a transfer did. Moments are seconds after t0.
struct ConnectionReport {
  unsigned connection = 0;
  std::uint16_t local_port = 0;
  std::uint64_t bytes = 0;
  std::optional<double> first_byte_s;
  std::optional<double> done_s;  // its last byte at the sink
  unsigned attempts = 0;
  ByteTimeline timeline;
};

// What the reassembler of part 2 saw.
struct PacketCounts {
  std::uint64_t received = 0;
  std::uint64_t duplicates = 0;
  std::uint64_t corrupted = 0;
  std::uint64_t repeated = 0;
  std::uint64_t max_displacement_packets = 0;
  std::uint64_t max_buffered_packets = 0;
};

// What a transfer measured; docs/metrics.md defines every member. The client fills it while it
// works, then calls summarise().
struct TransferReport {
  std::string program;
  int part = 0;
  unsigned connections = 1;
  std::string schedule;
  std::string client_model;
  std::string sink;
  std::string server;
  std::string name;
  std::uint64_t version = 0;
  std::optional<std::uint64_t> file_bytes;
  std::optional<double> planned_seconds;

  base::TimePoint t0 = base::Clock::now();
  bool verified = false;
  std::uint64_t bytes_received = 0;
  std::uint64_t duplicate_bytes = 0;
  std::uint64_t retries = 0;
  std::optional<double> verify_s;
  std::optional<double> fsync_s;
  std::vector<ConnectionReport> per_connection;
  std::optional<PacketCounts> packets;
  std::vector<std::string> remarks;  // what whoever trusts the file should know

  // Computed by summarise() once a byte has come.
  std::optional<double> duration_s, setup_s, ramp_s, steady_s, tail_s, ttfb_s;
  std::optional<double> goodput_mbit_s, steady_goodput_mbit_s, jain_index;

  // Set by whoever runs the transfer.
  std::string status = "ok";
  std::string error;
  int exit_code = 0;

  // Seconds from t0 to `moment`.
  [[nodiscard]] double since_t0(base::TimePoint moment) const {
    return base::to_seconds(moment - t0);
  }
  // Calls `verify`, which throws unless the content is right, and notes that and what it took.
  void note_verified(const std::function<void()>& verify);
};

// Computes phases, goodput and fairness from the connections' reports.
void summarise(TransferReport& report);

// Writes the report as JSON (docs/metrics.md). Throws std::system_error.
void write_json(const TransferReport& report, const std::string& path);

}  // namespace dlab::report
