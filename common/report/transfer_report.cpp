#include "common/report/transfer_report.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "common/base/output.hpp"

namespace dlab::report {
namespace {

using nlohmann::json;

constexpr std::size_t kProgressPoints = 200;
constexpr std::size_t kAllProgressPoints = 2000;  // in a whole report, however many connections

template <typename Value>
json or_null(const std::optional<Value>& value) {
  return value ? json(*value) : json(nullptr);
}

json or_null(const std::string& text) {
  return text.empty() ? json(nullptr) : json(text);
}

json describe(const ConnectionReport& connection, std::size_t points) {
  return {{"connection", connection.connection},
          {"local_port", connection.local_port},
          {"bytes", connection.bytes},
          {"first_byte_s", or_null(connection.first_byte_s)},
          {"done_s", or_null(connection.done_s)},
          {"attempts", connection.attempts},
          {"progress", connection.timeline.points(points)}};
}

json describe(const PacketCounts& packets) {
  return {{"received", packets.received},
          {"duplicates", packets.duplicates},
          {"corrupted", packets.corrupted},
          {"repeated", packets.repeated},
          {"max_displacement_packets", packets.max_displacement_packets},
          {"max_buffered_packets", packets.max_buffered_packets}};
}

json settings(const TransferReport& report) {
  char version[17];
  std::snprintf(version, sizeof version, "%016llx",
                static_cast<unsigned long long>(report.version));
  return {{"schema", 1},
          {"program", report.program},
          {"part", report.part},
          {"connections", report.connections},
          {"schedule", or_null(report.schedule)},
          {"client_model", or_null(report.client_model)},
          {"sink", report.sink},
          {"server", report.server},
          {"name", report.name},
          {"version", version},
          {"file_bytes", or_null(report.file_bytes)},
          {"planned_seconds", or_null(report.planned_seconds)}};
}

json outcome(const TransferReport& report) {
  return {{"status", report.status},
          {"error", or_null(report.error)},
          {"exit_code", report.exit_code},
          {"t0_monotonic_ns", base::to_ns(report.t0)},
          {"verified", report.verified ? "yes" : "no"},
          {"remarks", report.remarks},
          {"bytes_received", report.bytes_received},
          {"duplicate_bytes", report.duplicate_bytes},
          {"retries", report.retries},
          {"verify_s", or_null(report.verify_s)},
          {"fsync_s", or_null(report.fsync_s)},
          {"duration_s", or_null(report.duration_s)},
          {"setup_s", or_null(report.setup_s)},
          {"ramp_s", or_null(report.ramp_s)},
          {"steady_s", or_null(report.steady_s)},
          {"tail_s", or_null(report.tail_s)},
          {"ttfb_s", or_null(report.ttfb_s)},
          {"goodput_mbit_s", or_null(report.goodput_mbit_s)},
          {"steady_goodput_mbit_s", or_null(report.steady_goodput_mbit_s)},
          {"jain_index", or_null(report.jain_index)}};
}

}  // namespace

void TransferReport::note_verified(const std::function<void()>& verify) {
  const auto started = base::Clock::now();
  verify();
  verified = true;
  verify_s = base::to_seconds(base::Clock::now() - started);
}

void write_json(const TransferReport& report, const std::string& path) {
  json document = settings(report);
  document.update(outcome(report));
  const std::size_t share =
      kAllProgressPoints / std::max<std::size_t>(1, report.per_connection.size());
  const std::size_t points = std::clamp<std::size_t>(share, 10, kProgressPoints);
  document["per_connection"] = json::array();
  for (const auto& connection : report.per_connection) {
    document["per_connection"].push_back(describe(connection, points));
  }
  document["packets"] = report.packets ? describe(*report.packets) : json(nullptr);
  // A name or a server's message may hold bytes that are not UTF-8.
  base::write_output(path, document.dump(1, ' ', false, json::error_handler_t::replace) + '\n');
}

}  // namespace dlab::report
