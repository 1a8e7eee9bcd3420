#include "common/net/socket_options.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <algorithm>
#include <array>
#include <limits>

#include "common/base/check.hpp"

namespace dlab::net {
namespace {

void set_integer(int fd, int level, int option, int value, std::string_view operation,
                 const std::string& object) {
  base::check(::setsockopt(fd, level, option, &value, sizeof value), operation, object);
}

int buffer_size(base::ByteCount bytes) {
  return static_cast<int>(std::min<base::ByteCount>(bytes, std::numeric_limits<int>::max() / 2));
}

void set_timeout(int fd, int option, base::Duration timeout, std::string_view operation) {
  using std::chrono::microseconds;
  const auto us =
      std::max(microseconds(1), std::chrono::duration_cast<microseconds>(timeout)).count();
  const timeval value{.tv_sec = us / 1'000'000, .tv_usec = us % 1'000'000};
  base::check(::setsockopt(fd, SOL_SOCKET, option, &value, sizeof value), operation, "socket");
}

}  // namespace

void apply(const SocketOptions& options, int fd, const std::string& object) {
  if (options.send_buffer) {
    set_integer(fd, SOL_SOCKET, SO_SNDBUF, buffer_size(*options.send_buffer), "set SO_SNDBUF of",
                object);
  }
  if (options.receive_buffer) {
    set_integer(fd, SOL_SOCKET, SO_RCVBUF, buffer_size(*options.receive_buffer), "set SO_RCVBUF of",
                object);
  }
  if (options.max_pacing_rate) {
    const auto bytes_per_s =
        static_cast<unsigned long>(options.max_pacing_rate->bits_per_second / 8);
    base::check(::setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &bytes_per_s, sizeof bytes_per_s),
                "set SO_MAX_PACING_RATE of", object);
  }
  if (!options.congestion.empty()) {
    base::check(::setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, options.congestion.data(),
                             static_cast<socklen_t>(options.congestion.size())),
                "set congestion control " + options.congestion + " of", object);
  }
  set_integer(fd, IPPROTO_TCP, TCP_NODELAY, options.nagle ? 0 : 1, "set TCP_NODELAY of", object);
}

std::string congestion_algorithm(int fd) {
  std::array<char, 32> name{};
  socklen_t length = name.size() - 1;
  base::check(::getsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, name.data(), &length),
              "read congestion control of", "socket");
  return name.data();
}

void set_receive_timeout(int fd, base::Duration timeout) {
  set_timeout(fd, SO_RCVTIMEO, timeout, "set SO_RCVTIMEO of");
}

void set_send_timeout(int fd, base::Duration timeout) {
  set_timeout(fd, SO_SNDTIMEO, timeout, "set SO_SNDTIMEO of");
}

int pending_error(int fd) {
  int error = 0;
  socklen_t length = sizeof error;
  base::check(::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), "read SO_ERROR of",
              "socket");
  return error;
}

}  // namespace dlab::net
