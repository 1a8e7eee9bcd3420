#include "common/net/tcp_stream.hpp"

#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <climits>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"

namespace dlab::net {
namespace {

// With SO_RCVTIMEO and SO_SNDTIMEO a blocking call that ran out of time says EAGAIN (socket(7)).
ssize_t check_wait(ssize_t result, std::string_view operation, const std::string& peer) {
  if (result < 0 && errno == EAGAIN) {
    base::throw_system_error(ETIMEDOUT, operation, peer);
  }
  return base::check(result, operation, peer);
}

int poll_for(int fd, short events, base::Duration timeout) {
  pollfd entry{.fd = fd, .events = events, .revents = 0};
  const auto ms = std::chrono::ceil<std::chrono::milliseconds>(timeout).count();
  return ::poll(&entry, 1, static_cast<int>(std::min<std::int64_t>(ms, INT_MAX)));
}

// Connects within the deadline: SO_SNDTIMEO bounds a blocking connect(2) as well.
void connect_socket(int fd, const SocketAddress& address, const base::Deadline& deadline) {
  set_send_timeout(fd, deadline.left());
  if (::connect(fd, address.get(), address.length()) == 0) {
    return;
  }
  if (errno == EINPROGRESS || errno == EAGAIN) {
    base::throw_system_error(ETIMEDOUT, "connect", address.text());
  }
  base::check(-1, "connect", address.text());
}

TcpStream connect_to(const SocketAddress& address, const SocketOptions& options,
                     const base::Deadline& deadline) {
  base::FileDescriptor socket(base::check(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0),
                                          "socket for", address.text()));
  // The receive buffer is set before connecting: it decides the window scale of the handshake.
  apply(options, socket.get(), address.text());
  connect_socket(socket.get(), address, deadline);
  return {std::move(socket), address.text()};
}

}  // namespace

TcpStream TcpStream::connect(std::span<const SocketAddress> addresses, const SocketOptions& options,
                             base::Duration timeout) {
  const auto deadline = base::Deadline::after(timeout);
  for (std::size_t i = 0; i + 1 < addresses.size(); ++i) {
    try {
      return connect_to(addresses[i], options, deadline);
    } catch (const std::system_error&) {
      // The next address may answer; the last one's failure is the one reported.
    }
  }
  return connect_to(addresses.back(), options, deadline);
}

TcpStream::TcpStream(base::FileDescriptor socket, std::string peer)
    : socket_(std::move(socket)), peer_(std::move(peer)) {}

void TcpStream::set_stall_timeout(base::Duration timeout) {
  net::set_receive_timeout(fd(), timeout);
  set_send_timeout(fd(), timeout);
}

void TcpStream::set_receive_timeout(base::Duration timeout) {
  net::set_receive_timeout(fd(), timeout);
}

std::size_t TcpStream::receive_some(std::span<std::byte> buffer) {
  const auto received =
      base::retry_interrupted([&] { return ::recv(fd(), buffer.data(), buffer.size(), 0); });
  return static_cast<std::size_t>(check_wait(received, "receive from", peer_));
}

void TcpStream::receive_exact(std::span<std::byte> buffer) {
  while (!buffer.empty()) {
    const std::size_t received = receive_some(buffer);
    if (received == 0) {
      throw CutShort("receive from " + peer_ + ": connection closed with " +
                     std::to_string(buffer.size()) + " bytes still to come");
    }
    buffer = buffer.subspan(received);
  }
}

void TcpStream::send_all(std::span<const std::byte> data, bool more) {
  const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  while (!data.empty()) {
    const auto sent =
        base::retry_interrupted([&] { return ::send(fd(), data.data(), data.size(), flags); });
    data = data.subspan(static_cast<std::size_t>(check_wait(sent, "send to", peer_)));
  }
}

void TcpStream::send_pieces(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
    const auto result =
        base::retry_interrupted([&] { return ::sendmsg(fd(), &message, MSG_NOSIGNAL); });
    auto sent = static_cast<std::size_t>(check_wait(result, "send to", peer_));
    while (!pieces.empty() && sent >= pieces.front().iov_len) {
      sent -= pieces.front().iov_len;
      pieces = pieces.subspan(1);
    }
    if (sent > 0) {
      pieces.front().iov_base = static_cast<std::byte*>(pieces.front().iov_base) + sent;
      pieces.front().iov_len -= sent;
    }
  }
}

std::size_t TcpStream::send_file_some(int file, std::uint64_t offset, std::size_t count) {
  auto position = static_cast<off_t>(offset);
  const auto sent =
      base::retry_interrupted([&] { return ::sendfile(fd(), file, &position, count); });
  return static_cast<std::size_t>(check_wait(sent, "send file to", peer_));
}

void TcpStream::shut_down() noexcept {
  ::shutdown(fd(), SHUT_RDWR);
}

void TcpStream::shut_down_sending() noexcept {
  ::shutdown(fd(), SHUT_WR);
}

void TcpStream::linger(base::Duration at_most) noexcept {
  const auto deadline = base::Deadline::after(at_most);
  shut_down_sending();
  std::array<std::byte, 4096> scrap;
  while (!deadline.passed() && poll_for(fd(), POLLIN, deadline.left()) > 0 &&
         ::recv(fd(), scrap.data(), scrap.size(), MSG_DONTWAIT) > 0) {
  }
}

void TcpStream::pause_until(base::TimePoint due) const noexcept {
  using std::chrono::nanoseconds;
  for (auto left = due - base::Clock::now(); left > nanoseconds(0);
       left = due - base::Clock::now()) {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(left);
    const timespec time{.tv_sec = seconds.count(), .tv_nsec = nanoseconds(left - seconds).count()};
    pollfd entry{.fd = fd(), .events = 0, .revents = 0};  // an end is told without being asked for
    if (::ppoll(&entry, 1, &time, nullptr) > 0) {
      return;
    }
  }
}

bool TcpStream::quiet_for(base::Duration timeout) const {
  return poll_for(fd(), POLLIN, timeout) == 0;
}

}  // namespace dlab::net
