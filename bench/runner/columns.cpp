#include "bench/runner/columns.hpp"

#include <array>

namespace dlab::bench {
namespace {

constexpr auto kRuns = std::to_array<std::string_view>({
    "schema",
    "run_id",
    "experiment",
    "block",
    "order_in_block",
    "seed",
    "started_unix_ns",
    "contestant",
    "part",
    "connections",
    "schedule",
    "server_model",
    "client_model",
    "io_path",
    "packet_bytes",
    "packet_order",
    "batch_packets",
    "nagle",
    "buffer_bytes",
    "receive_buffer_bytes",
    "work_mbyte_s",
    "client_cpus",
    "file_bytes",
    "planned_seconds",
    "link",
    "rate_mbit_s",
    "rtt_ms",
    "loss_pct",
    "queue_packets",
    "limit_rate_mbit_s",
    "limit_rates",
    "mirrors",
    "background_flows",
    "request_every_ms",
    "clients",
    "idle_clients",
    "slow_clients",
    "protocol",
    "loop",
    "offered_requests_s",
    "planned_requests",
    "requests_per_connection",
    "pipeline_depth",
    "service_time_ms",
    "backlog",
    "workers",
    "server_cpus",
    "congestion_requested",
    "congestion_used",
    "sink",
    "status",
    "error",
    "bytes_received",
    "verified",
    "duration_s",
    "setup_s",
    "ramp_s",
    "steady_s",
    "tail_s",
    "ttfb_s",
    "server_send_s",
    "goodput_mbit_s",
    "steady_goodput_mbit_s",
    "loss_events",
    "wall_s",
    "startup_s",
    "client_cpu_s",
    "server_cpu_s",
    "throttled_s",
    "client_maxrss_kib",
    "retransmitted_segments",
    "jain_index",
    "limited_by",
    "late_pct",
    "late_max_ms",
    "verify_s",
    "fsync_s",
    "utilisation_pct",
    "queue_p95_ms",
    "lost_packets",
    "dropped_packets",
    "bystander_mbit_s",
    "bystander_p50_ms",
    "bystander_p95_ms",
    "bystander_p99_ms",
    "retries",
    "duplicate_bytes",
    "requests",
    "requests_in_all",
    "requests_per_s",
    "failed_requests",
    "error_kinds",
    "latency_mean_s",
    "latency_p50_s",
    "latency_p90_s",
    "latency_p99_s",
    "latency_p999_s",
    "latency_max_s",
    "connect_p50_s",
    "connect_p99_s",
    "connect_max_s",
    "lateness_p99_s",
    "lateness_max_s",
    "connections_opened",
    "idle_still_open",
    "server_cpu_us_per_request",
    "server_maxrss_kib",
    "server_memory_kib",
    "server_threads",
    "server_switches",
    "warmup",
    "turn",
});

constexpr auto kLatency = std::to_array<std::string_view>({
    "run_id",
    "connection",
    "index",
    "offset_bytes",
    "bytes",
    "intended_s",
    "sent_s",
    "first_byte_s",
    "done_s",
    "mirror",
});

constexpr auto kSamples = std::to_array<std::string_view>({
    "run_id",
    "t_s",
    "side",
    "connection",
    "cwnd_segments",
    "ssthresh_segments",
    "srtt_ms",
    "rttvar_ms",
    "mss_bytes",
    "bytes_acked",
    "bytes_sent",
    "retransmits",
    "unacked_segments",
    "delivery_rate_mbit_s",
    "busy_s",
    "rwnd_limited_s",
    "sndbuf_limited_s",
    "bytes_received",
});

void describe(std::string& text, std::string_view table, std::span<const std::string_view> names) {
  text += table;
  const char* separator = ": ";
  for (const std::string_view name : names) {
    text.append(separator).append(name);
    separator = ",";
  }
  text += '\n';
}

}  // namespace

std::span<const std::string_view> runs_columns() {
  return kRuns;
}
std::span<const std::string_view> latency_columns() {
  return kLatency;
}
std::span<const std::string_view> samples_columns() {
  return kSamples;
}

std::string describe_columns() {
  std::string text;
  describe(text, "runs.csv", kRuns);
  describe(text, "latency.csv", kLatency);
  describe(text, "samples.csv", kSamples);
  return text;
}

}  // namespace dlab::bench
