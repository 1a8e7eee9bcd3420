#pragma once

#include <netinet/in.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>

#include "common/base/file_descriptor.hpp"
#include "linkem/emulator.hpp"

namespace dlab::linkem {

// Sockets on the hosts of a star, for the probes. All are non-blocking.

// A socket made on host `host`; this thread comes back to its own network. Throws
// std::system_error.
base::FileDescriptor socket_on(const Emulator& star, std::size_t host, int type, int protocol);

sockaddr_in address_of(std::size_t host, std::uint16_t port);

// Binds to any free port and returns it.
std::uint16_t bind_any(const base::FileDescriptor& socket, std::size_t host);

// Asks the kernel to stamp what arrives with CLOCK_REALTIME, to count what it had to drop, and for
// as large a buffer as it gives.
void prepare_receiver(const base::FileDescriptor& socket);

// A datagram as it came.
struct Datagram {
  std::size_t length = 0;
  std::int64_t received_ns = 0;  // CLOCK_REALTIME, by the kernel
  std::uint32_t dropped = 0;     // by this socket so far, as far as it told
};

// Nothing when none waits.
std::optional<Datagram> receive_stamped(const base::FileDescriptor& socket,
                                        std::span<std::byte> buffer);

// CLOCK_REALTIME in nanoseconds.
inline std::int64_t real_time_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace dlab::linkem
