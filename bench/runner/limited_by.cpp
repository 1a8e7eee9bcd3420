#include "bench/runner/limited_by.hpp"

#include <algorithm>
#include <cmath>

namespace dlab::bench {
namespace {

constexpr double kMost = 0.5;     // of the time: the phase that a download is about
constexpr double kFull = 0.9;     // of a rate: as good as reached
constexpr double kNotable = 0.1;  // of the capacity, in somebody else's hands
constexpr double kLarge = 0.3;    // of the busy time
constexpr double kOneCore = 0.85;

// Goodput alone does not tell: what waited behind a hole is handed over at once when that closes,
// so that for a moment more comes out of a connection than the link can carry.
bool link_is_full(const Evidence& e) {
  const double steady_s = e.duration_s - e.startup_s - e.tail_s;
  return e.steady_mbit_s + e.bystander_mbit_s >= kFull * e.capacity_mbit_s &&
         e.link_busy_s >= kFull * steady_s;
}

bool server_caps(const Evidence& e) {
  return e.server_cap_mbit_s > 0 && e.steady_mbit_s >= kFull * e.server_cap_mbit_s * e.connections;
}

// Slow start ends with one loss event of each connection at most. Where more were seen, the ramp is
// chance: losses came so that the first half was slower than the second.
bool is_start_up(const Evidence& e) {
  return e.startup_s > kMost * e.duration_s && !(e.loss_events > e.connections);
}

// Without a link there is nothing but the machine.
std::string_view cause_on_this_machine(const Evidence& e) {
  if (e.client_cpu_s >= kOneCore * e.duration_s && e.client_cpu_s > e.server_cpu_s) {
    return "receiver";
  }
  return "CPU";
}

std::string_view cause_on_a_link(const Evidence& e) {
  if (link_is_full(e)) {
    return e.bystander_mbit_s >= kNotable * e.capacity_mbit_s ? "cross traffic" : "link full";
  }
  if (server_caps(e)) {
    return "server cap";
  }
  if (std::max(e.client_cpu_s, e.server_cpu_s) >= kOneCore * e.duration_s) {
    return e.client_cpu_s > e.server_cpu_s ? "receiver" : "CPU";
  }
  if (e.rwnd_limited_s >= kLarge * e.busy_s && e.rwnd_limited_s > e.sndbuf_limited_s) {
    return "receive window";
  }
  if (e.sndbuf_limited_s >= kLarge * e.busy_s && e.sndbuf_limited_s > 0) {
    return "send buffer";
  }
  return e.loss_events > 0 ? "loss" : "congestion window";
}

}  // namespace

std::string_view limited_by(const Evidence& e) {
  if (is_start_up(e)) {
    return "start-up";
  }
  if (e.tail_s > kMost * e.duration_s) {
    return "straggler's tail";
  }
  return e.capacity_mbit_s > 0 ? cause_on_a_link(e) : cause_on_this_machine(e);
}

Evidence evidence_of(const RunRow& row, const SenderTimes& times) {
  // Of a full-sized packet's 1500 IP bytes 1448 are payload (20 IP, 20 TCP, 12 timestamps).
  constexpr double kPayloadShare = 1448.0 / 1500;
  const auto number = [&](const char* column) {
    const double value = row.number(column);
    return std::isnan(value) ? 0 : value;
  };
  Evidence e;
  e.duration_s = number("duration_s");
  e.startup_s = number("setup_s") + number("ramp_s");
  e.tail_s = number("tail_s");
  e.steady_mbit_s = number("steady_goodput_mbit_s");
  e.connections = number("connections");
  e.capacity_mbit_s = kPayloadShare * number("rate_mbit_s");
  e.link_busy_s = number("utilisation_pct") / 100 * number("wall_s");
  e.bystander_mbit_s = number("bystander_mbit_s");
  e.server_cap_mbit_s = number("limit_rate_mbit_s");
  e.busy_s = times.busy_s;
  e.rwnd_limited_s = times.rwnd_limited_s;
  e.sndbuf_limited_s = times.sndbuf_limited_s;
  e.loss_events = number("loss_events");
  e.client_cpu_s = number("client_cpu_s");
  e.server_cpu_s = number("server_cpu_s");
  return e;
}

}  // namespace dlab::bench
