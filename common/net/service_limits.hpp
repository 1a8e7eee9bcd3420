#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace dlab::net {

// What a server grants every client, whatever its way of scheduling them.
struct ServiceLimits {
  // A request is complete so long after its first byte, however it trickles in.
  std::chrono::nanoseconds request_timeout = std::chrono::seconds(10);
  // The longest wait without a byte moved in either direction.
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(30);
  // How long a client that was refused may stay or go on sending before it is reset.
  std::chrono::nanoseconds refusal_timeout = std::chrono::seconds(2);
  // Slept before each answer, for queueing experiments.
  std::chrono::nanoseconds service_time{0};
  // Only before every so-manieth of a connection's answers, at least 1.
  std::uint32_t service_every = 1;
  // A connection ends behind its first answer, and whoever waits gets its turn.
  bool one_request = false;
  // Bytes per read and send.
  std::size_t buffer_bytes = std::size_t{256} << 10U;
};

}  // namespace dlab::net
