#pragma once

#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/units.hpp"

namespace dlab::net {

// What a program may ask of a socket; what is left out stays as the kernel has it.
struct SocketOptions {
  std::optional<base::ByteCount> send_buffer;     // SO_SNDBUF, which the kernel doubles
  std::optional<base::ByteCount> receive_buffer;  // SO_RCVBUF, which ends its autotuning
  // SO_MAX_PACING_RATE: at most so fast, and the kernel spaces packets out at the congestion
  // window's pace instead of sending them in bursts.
  std::optional<base::BitRate> max_pacing_rate;
  std::string congestion;  // TCP_CONGESTION; empty: the system's
  bool nagle = false;      // false sets TCP_NODELAY
};

// Applies `options` to a TCP socket. `object` names the socket in errors.
// Throws std::system_error; for an unknown congestion algorithm too.
void apply(const SocketOptions& options, int fd, const std::string& object);

// The congestion-control algorithm in use on a TCP socket, read back from the kernel.
std::string congestion_algorithm(int fd);

// How long one receive or one send may wait without progress (SO_RCVTIMEO, SO_SNDTIMEO).
// Zero would mean forever and is refused by rounding up to a microsecond.
void set_receive_timeout(int fd, base::Duration timeout);
void set_send_timeout(int fd, base::Duration timeout);

// What went wrong on a socket since it was last asked, such as a connection that was begun: an
// error number, 0: nothing (SO_ERROR, socket(7)). Throws std::system_error.
int pending_error(int fd);

}  // namespace dlab::net
