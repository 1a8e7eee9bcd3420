#pragma once

#include <sys/uio.h>

#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/socket_options.hpp"

namespace dlab::net {

class OpenStreams;

// The peer closed before all that was promised had come: neither success nor a clean end.
class CutShort : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One connected TCP socket, blocking, with a bound on every wait. All methods throw
// std::system_error with operation and peer; a wait that made no progress within the stall timeout
// throws ETIMEDOUT. One thread may send while another receives; shut_down() may come from any.
class TcpStream {
 public:
  // Connects to the first of `addresses` (at least one) that answers, all within `timeout`. When
  // `open` is given, ending all in it ends the attempt at once; the stream itself is not
  // entered.
  static TcpStream connect(std::span<const SocketAddress> addresses, const SocketOptions& options,
                           base::Duration timeout, OpenStreams* open = nullptr);

  // Begins to connect and does not wait: once the socket can be written to, finish_connecting()
  // says what became of it. The stream does not block: only the try_ calls make sense.
  static TcpStream start_connecting(const SocketAddress& address, const SocketOptions& options);
  // Throws what connect(2) would have.
  void finish_connecting();

  // Wraps an accepted socket. `peer`: its name in errors.
  TcpStream(base::FileDescriptor socket, std::string peer);

  // How long one wait may last without a byte moved, in either direction; however many signals come
  // meanwhile, the program may also be stopped and continued.
  void set_stall_timeout(base::Duration timeout);
  // The same for receiving alone: what is left of a request's deadline.
  void set_receive_timeout(base::Duration timeout);

  // What has arrived, at most `buffer.size()` bytes, at least one; 0: the peer has closed.
  std::size_t receive_some(std::span<std::byte> buffer);

  // Sends everything. `more`: further bytes follow at once, so hold back a part-filled segment.
  void send_all(std::span<const std::byte> data, bool more = false);
  // Sends all of `pieces` with as few system calls as the kernel allows; alters the pieces.
  void send_pieces(std::span<iovec> pieces);
  // Lets the kernel send from a file without a copy through user space (sendfile(2)): what went
  // out, at most `count`; 0: the file ends before `offset`.
  std::size_t send_file_some(int file, std::uint64_t offset, std::size_t count);

  // One system call each: what was moved, or nothing when it could not be done now: a socket that
  // does not block is empty or full; one that blocks has waited for its stall timeout. receive and
  // send_file return 0 for the end, of the stream or of the file.
  std::optional<std::size_t> try_receive(std::span<std::byte> buffer);
  std::optional<std::size_t> try_send(std::span<const std::byte> data, bool more = false);
  std::optional<std::size_t> try_send_file(int file, std::uint64_t offset, std::size_t count);
  // From now on no call waits (O_NONBLOCK); only the try_ calls make sense then.
  void set_non_blocking();

  // Ends both directions and wakes whoever waits on this socket; safe from any thread.
  void shut_down() noexcept;
  // shut_down(), and closing resets the connection. A reader that no longer reads needs this: after
  // SHUT_RD Linux opens the window no more, and a peer that waits for it would go on waiting until
  // FIN-WAIT-2 ends (60 s, tcp(7)).
  void abort() noexcept;
  // No more is received: a reader finds the end after what has come. Sending goes on.
  void shut_down_receiving() noexcept;
  // No more bytes will be sent; what was sent still arrives.
  void shut_down_sending() noexcept;
  // After an answer that refuses: stops sending, then reads away what the peer still sends, so
  // that closing does not reset the connection and lose the answer (RFC 9112 section 9.6).
  void linger(base::Duration at_most);

  // Does nothing until `due`; returns false at once when the connection is shut down or broken.
  bool pause_until(base::TimePoint due) const;

  // Closes this process's descriptor alone: for another that has the socket nothing changes.
  void abandon() noexcept { socket_.close(); }

  [[nodiscard]] int fd() const { return socket_.get(); }
  [[nodiscard]] const std::string& peer() const { return peer_; }
  [[nodiscard]] std::uint16_t local_port() const { return local_address(fd()).port(); }

 private:
  base::FileDescriptor socket_;
  std::string peer_;
};

}  // namespace dlab::net
