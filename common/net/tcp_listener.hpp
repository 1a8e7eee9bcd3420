#pragma once

#include <optional>
#include <utility>

#include "common/net/open_streams.hpp"
#include "common/net/tcp_stream.hpp"

namespace dlab::net {

// A listening TCP socket.
class TcpListener {
 public:
  // Binds to the first usable address of `endpoint` (port 0: any free one) and listens.
  // `backlog`: connections that may wait to be accepted (the kernel holds one more, listen(2)).
  // `options` are inherited by accepted sockets. Throws std::system_error.
  TcpListener(const Endpoint& endpoint, int backlog, const SocketOptions& options);

  // The next connection; nothing once stop() was called. Waits as long as it takes.
  // Throws std::system_error, for EMFILE and ENFILE too: the caller decides how to wait.
  std::optional<TcpStream> accept();

  // From now on nothing waits (O_NONBLOCK): accepted sockets do not block either, and try_accept()
  // returns nothing also when nobody wants to come in. accept() makes no sense then.
  void set_non_blocking();
  std::optional<TcpStream> try_accept();
  // Has try_accept() found that stop() was called?
  [[nodiscard]] bool is_stopped() const { return stopped_; }

  // Another listener on the same address: the kernel spreads new connections among all of them
  // (SO_REUSEPORT, socket(7)). The first is bound without it, so that a port which another program
  // listens on is still refused. Throws std::system_error.
  TcpListener another(int backlog, const SocketOptions& options);

  // Closes this process's descriptor alone: others that share the socket go on listening.
  void abandon() noexcept { socket_.close(); }

  // Makes accept() return nothing, now and later. Safe from any thread and from many.
  void stop() noexcept;

  [[nodiscard]] SocketAddress address() const { return local_address(socket_.get()); }
  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  explicit TcpListener(base::FileDescriptor socket) : socket_(std::move(socket)) {}
  // The next connection; nothing when nobody wants to come in, or when it finds `stopped`.
  std::optional<TcpStream> accept_unless(bool& stopped);

  base::FileDescriptor socket_;
  int accept_flags_ = SOCK_CLOEXEC;
  bool stopped_ = false;  // of the thread that calls try_accept()
};

// The next connection, waiting for one of `open` to end when no file descriptor is left: an
// exhausted server must not spin. Nothing once the listener was stopped or `open` was shut down.
std::optional<TcpStream> accept_when_possible(TcpListener& listener, OpenStreams& open);

// True for the errors of accept(2) that pass when some other descriptor is closed.
bool is_out_of_descriptors(const std::system_error& error);

}  // namespace dlab::net
