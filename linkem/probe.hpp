#pragma once

#include <cstdint>
#include <vector>

#include "linkem/emulator.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {

// A train of numbered UDP packets from one host of a star to another.
struct ProbePlan {
  std::size_t from = 0;
  std::size_t to = 1;
  std::size_t packets = 0;
  std::size_t ip_bytes = kMtu;  // of each packet; at least kLeastProbeBytes
  double packets_per_s = 0;
  bool may_burst = true;      // to catch up after a delay
  base::Duration patience{};  // how long after the last one to wait for stragglers
  base::Duration most = std::chrono::seconds(10);  // then no more are sent
};

constexpr std::size_t kLeastProbeBytes = 20 + 8 + 12;  // IP, UDP, our number and time

struct Arrival {
  std::uint32_t number = 0;
  std::int64_t sent_ns = 0;      // CLOCK_REALTIME, by the sender just before sending
  std::int64_t received_ns = 0;  // CLOCK_REALTIME, by the receiving kernel
  std::uint32_t overlooked = 0;  // so many until now found the receiving socket's buffer full
};

struct ProbeResult {
  std::size_t sent = 0;
  std::vector<Arrival> arrivals;  // in the order of arrival
};

// Sends the train and collects what arrives, on this thread. Throws std::system_error.
ProbeResult send_probes(const Emulator& star, const ProbePlan& plan);

// Round-trip times of `count` pings (ICMP echo, answered by the kernel of host `to`), sent every
// `spacing`; in nanoseconds, those that came back. Throws std::system_error.
std::vector<std::int64_t> ping(const Emulator& star, std::size_t from, std::size_t to,
                               std::size_t count, base::Duration spacing, base::Duration patience);

// Sends `bytes` over TCP, so that the kernel's offloads have their chance to make large packets.
// False when they did not all arrive within `patience`. Throws std::system_error.
bool push_tcp(const Emulator& star, std::size_t from, std::size_t to, std::size_t bytes,
              base::Duration patience);

}  // namespace dlab::linkem
