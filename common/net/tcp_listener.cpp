#include "common/net/tcp_listener.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "common/base/check.hpp"

namespace dlab::net {
namespace {

void switch_on(int fd, int option, std::string_view name, const SocketAddress& address) {
  const int on = 1;
  base::check(::setsockopt(fd, SOL_SOCKET, option, &on, sizeof on), name, address.text());
}

base::FileDescriptor listen_on(const SocketAddress& address, int backlog,
                               const SocketOptions& options, bool share_port = false) {
  base::FileDescriptor socket(base::check(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0),
                                          "socket for", address.text()));
  // A server that is started again must not wait for old connections in TIME-WAIT.
  switch_on(socket.get(), SO_REUSEADDR, "set SO_REUSEADDR of", address);
  if (share_port) {
    switch_on(socket.get(), SO_REUSEPORT, "set SO_REUSEPORT of", address);
  }
  apply(options, socket.get(), address.text());
  base::check(::bind(socket.get(), address.get(), address.length()), "bind", address.text());
  base::check(::listen(socket.get(), backlog), "listen on", address.text());
  return socket;
}

// Errors of a connection that died in the queue; the next one may be well (accept(2)).
bool concerns_one_connection(int error) {
  return error == ECONNABORTED || error == EINTR || error == EPROTO || error == EPERM;
}

}  // namespace

TcpListener::TcpListener(const Endpoint& endpoint, int backlog, const SocketOptions& options) {
  const auto addresses = resolve(endpoint, true);
  for (std::size_t i = 0; i + 1 < addresses.size() && !socket_.is_open(); ++i) {
    try {
      socket_ = listen_on(addresses[i], backlog, options);
    } catch (const std::system_error&) {
      // The next address may be free; the last one's failure is the one reported.
    }
  }
  if (!socket_.is_open()) {
    socket_ = listen_on(addresses.back(), backlog, options);
  }
}

std::optional<TcpStream> TcpListener::accept() {
  bool stopped = false;  // each of the threads that accept has its own
  while (!stopped) {
    if (auto stream = accept_unless(stopped)) {
      return stream;
    }
  }
  return std::nullopt;
}

std::optional<TcpStream> TcpListener::try_accept() {
  return accept_unless(stopped_);
}

std::optional<TcpStream> TcpListener::accept_unless(bool& stopped) {
  for (;;) {
    sockaddr_storage storage{};
    socklen_t length = sizeof storage;
    auto* const address = reinterpret_cast<sockaddr*>(&storage);
    base::FileDescriptor socket(::accept4(socket_.get(), address, &length, accept_flags_));
    if (socket.is_open()) {
      return TcpStream(std::move(socket), SocketAddress(address, length).text());
    }
    if (errno == EAGAIN) {
      return std::nullopt;
    }
    if (errno == EINVAL) {  // shut down by stop()
      stopped = true;
      return std::nullopt;
    }
    if (!concerns_one_connection(errno)) {
      base::check(-1, "accept on", this->address().text());
    }
  }
}

void TcpListener::set_non_blocking() {
  base::check(::fcntl(socket_.get(), F_SETFL, O_NONBLOCK), "make non-blocking", address().text());
  accept_flags_ |= SOCK_NONBLOCK;
}

TcpListener TcpListener::another(int backlog, const SocketOptions& options) {
  switch_on(socket_.get(), SO_REUSEPORT, "set SO_REUSEPORT of", address());
  return TcpListener(listen_on(address(), backlog, options, true));
}

void TcpListener::stop() noexcept {
  ::shutdown(socket_.get(), SHUT_RDWR);
}

std::optional<TcpStream> accept_when_possible(TcpListener& listener, OpenStreams& open) {
  constexpr std::chrono::milliseconds kRetry{100};
  for (;;) {
    try {
      return listener.accept();
    } catch (const std::system_error& error) {
      if (!is_out_of_descriptors(error)) {
        throw;
      }
      open.wait_for_an_end(kRetry);
      // accept4 asks for a descriptor before it looks whether the listener was stopped.
      if (open.are_ended()) {
        return std::nullopt;
      }
    }
  }
}

bool is_out_of_descriptors(const std::system_error& error) {
  const int code = error.code().value();
  return error.code().category() == std::generic_category() &&
         (code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM);
}

}  // namespace dlab::net
