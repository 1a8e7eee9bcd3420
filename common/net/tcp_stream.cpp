#include "common/net/tcp_stream.hpp"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <climits>
#include <optional>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"
#include "common/base/poll.hpp"
#include "common/net/open_streams.hpp"

namespace dlab::net {
namespace {

// When a wait must be over that began at `began` on a socket with this timeout.
base::TimePoint end_of_wait(int fd, int timeout_option, base::TimePoint began) {
  timeval timeout{};
  socklen_t length = sizeof timeout;
  base::check(::getsockopt(fd, SOL_SOCKET, timeout_option, &timeout, &length), "read timeout of",
              "socket");
  if (timeout.tv_sec == 0 && timeout.tv_usec == 0) {
    return base::TimePoint::max();  // none
  }
  return began + std::chrono::seconds(timeout.tv_sec) + std::chrono::microseconds(timeout.tv_usec);
}

// One way of a socket, and which option says how long a call may wait there (socket(7)).
struct Way {
  short events;
  int timeout_option;
};
constexpr Way kIn{POLLIN, SO_RCVTIMEO};
constexpr Way kOut{POLLOUT, SO_SNDTIMEO};

// The result of `call`, a system call that moves bytes. A signal ends it before any has moved, that
// of SIGCONT too, and the next call would wait for the whole timeout anew (signal(7)): what is left
// of it is waited for by poll(2) instead.
template <typename Call>
ssize_t until_timeout(int fd, Way way, Call call) {
  const auto began = base::Clock::now();
  ssize_t result = call();
  while (result < 0 && errno == EINTR) {
    if (!base::poll_until(fd, way.events, end_of_wait(fd, way.timeout_option, began))) {
      errno = EAGAIN;
      return -1;
    }
    result = call();
  }
  return result;
}

// With O_NONBLOCK a call that would wait says EAGAIN; with SO_RCVTIMEO and SO_SNDTIMEO so does one
// that ran out of time (socket(7)).
std::optional<std::size_t> unless_it_would_wait(ssize_t result, std::string_view operation,
                                                const std::string& peer) {
  if (result < 0 && errno == EAGAIN) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(base::check(result, operation, peer));
}

std::size_t in_time(std::optional<std::size_t> moved, std::string_view operation,
                    const std::string& peer) {
  if (!moved) {
    base::throw_system_error(ETIMEDOUT, operation, peer);
  }
  return *moved;
}

// What became of a connection that was begun: 0 or an error number. A socket that was shut down
// meanwhile has hung up, and need not have an error.
int wait_for_connection(int fd, const base::Deadline& deadline) {
  if (!base::poll_until(fd, POLLOUT, deadline.at())) {
    return ETIMEDOUT;
  }
  const int error = pending_error(fd);
  pollfd entry{.fd = fd, .events = 0, .revents = 0};
  const bool hung_up = ::poll(&entry, 1, 0) > 0 && (entry.revents & POLLHUP) != 0;
  return error == 0 && hung_up ? ECONNABORTED : error;
}

// The socket does not block meanwhile: the end of a connect(2) that blocks differs from kernel to
// kernel when another thread shuts the socket down.
void connect_socket(int fd, const SocketAddress& address, const base::Deadline& deadline) {
  if (::connect(fd, address.get(), address.length()) < 0) {
    const int error = errno == EINPROGRESS ? wait_for_connection(fd, deadline) : errno;
    if (error != 0) {
      base::throw_system_error(error, "connect", address.text());
    }
  }
  base::check(::fcntl(fd, F_SETFL, 0), "make blocking", address.text());
}

TcpStream new_stream(const SocketAddress& address, const SocketOptions& options) {
  base::FileDescriptor socket(
      base::check(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0),
                  "socket for", address.text()));
  // The receive buffer is set before connecting: it decides the window scale of the handshake.
  apply(options, socket.get(), address.text());
  return {std::move(socket), address.text()};
}

TcpStream connect_to(const SocketAddress& address, const SocketOptions& options,
                     const base::Deadline& deadline, OpenStreams* open) {
  TcpStream stream = new_stream(address, options);
  std::optional<OpenStreams::Entry> entry;
  if (open != nullptr) {
    entry.emplace(*open, stream);
  }
  connect_socket(stream.fd(), address, deadline);
  return stream;
}

// Until it ends only full segments leave (TCP_CORK, tcp(7)). sendfile(2) hands on 16 pages at a
// time, on loopback 53 bytes more than a segment: without it bbr's timer finds them alone and sends
// them alone, and half of the segments are such remnants.
class Cork {
 public:
  Cork(int fd, std::size_t bytes) : fd_(bytes > kPiece ? fd : -1) { set(1); }
  Cork(const Cork&) = delete;
  Cork& operator=(const Cork&) = delete;
  ~Cork() { set(0); }

 private:
  static constexpr std::size_t kPiece = std::size_t{1} << 16U;
  void set(int value) const noexcept {
    if (fd_ >= 0) {
      ::setsockopt(fd_, IPPROTO_TCP, TCP_CORK, &value, sizeof value);
    }
  }
  int fd_;
};

}  // namespace

TcpStream TcpStream::connect(std::span<const SocketAddress> addresses, const SocketOptions& options,
                             base::Duration timeout, OpenStreams* open) {
  const auto deadline = base::Deadline::after(timeout);
  for (std::size_t i = 0; i + 1 < addresses.size(); ++i) {
    try {
      return connect_to(addresses[i], options, deadline, open);
    } catch (const std::system_error&) {
      // The next address may answer; the last one's failure is the one reported.
    }
  }
  return connect_to(addresses.back(), options, deadline, open);
}

TcpStream TcpStream::start_connecting(const SocketAddress& address, const SocketOptions& options) {
  TcpStream stream = new_stream(address, options);
  const int result = ::connect(stream.fd(), address.get(), address.length());
  if (result < 0 && errno != EINPROGRESS) {
    base::check(result, "connect", stream.peer());
  }
  return stream;
}

void TcpStream::finish_connecting() {
  if (const int error = pending_error(fd())) {
    base::throw_system_error(error, "connect", peer_);
  }
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
  return in_time(try_receive(buffer), "receive from", peer_);
}

void TcpStream::send_all(std::span<const std::byte> data, bool more) {
  while (!data.empty()) {
    data = data.subspan(in_time(try_send(data, more), "send to", peer_));
  }
}

void TcpStream::send_pieces(std::span<iovec> pieces) {
  while (!pieces.empty()) {
    msghdr message{};
    message.msg_iov = pieces.data();
    message.msg_iovlen = std::min<std::size_t>(pieces.size(), IOV_MAX);
    const auto result =
        until_timeout(fd(), kOut, [&] { return ::sendmsg(fd(), &message, MSG_NOSIGNAL); });
    auto sent = in_time(unless_it_would_wait(result, "send to", peer_), "send to", peer_);
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
  return in_time(try_send_file(file, offset, count), "send file to", peer_);
}

std::optional<std::size_t> TcpStream::try_receive(std::span<std::byte> buffer) {
  const auto received =
      until_timeout(fd(), kIn, [&] { return ::recv(fd(), buffer.data(), buffer.size(), 0); });
  return unless_it_would_wait(received, "receive from", peer_);
}

std::optional<std::size_t> TcpStream::try_send(std::span<const std::byte> data, bool more) {
  const int flags = MSG_NOSIGNAL | (more ? MSG_MORE : 0);
  const auto sent =
      until_timeout(fd(), kOut, [&] { return ::send(fd(), data.data(), data.size(), flags); });
  return unless_it_would_wait(sent, "send to", peer_);
}

std::optional<std::size_t> TcpStream::try_send_file(int file, std::uint64_t offset,
                                                    std::size_t count) {
  const Cork cork(fd(), count);
  auto position = static_cast<off_t>(offset);
  const auto sent =
      until_timeout(fd(), kOut, [&] { return ::sendfile(fd(), file, &position, count); });
  return unless_it_would_wait(sent, "send file to", peer_);
}

void TcpStream::set_non_blocking() {
  base::check(::fcntl(fd(), F_SETFL, O_NONBLOCK), "make non-blocking", peer_);
}

void TcpStream::shut_down() noexcept {
  ::shutdown(fd(), SHUT_RDWR);
}

void TcpStream::abort() noexcept {
  const struct linger reset { .l_onoff = 1, .l_linger = 0 };
  ::setsockopt(fd(), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
  shut_down();
}

void TcpStream::shut_down_receiving() noexcept {
  ::shutdown(fd(), SHUT_RD);
}

void TcpStream::shut_down_sending() noexcept {
  ::shutdown(fd(), SHUT_WR);
}

void TcpStream::linger(base::Duration at_most) {
  const auto deadline = base::Deadline::after(at_most);
  shut_down_sending();
  std::array<std::byte, 4096> scrap;
  while (!deadline.passed() && base::poll_until(fd(), POLLIN, deadline.at()) &&
         ::recv(fd(), scrap.data(), scrap.size(), MSG_DONTWAIT) > 0) {
  }
}

bool TcpStream::pause_until(base::TimePoint due) const {
  // An end is told without being asked for.
  return due <= base::Clock::now() || !base::poll_until(fd(), 0, due);
}

}  // namespace dlab::net
