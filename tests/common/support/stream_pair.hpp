#pragma once

#include <chrono>
#include <utility>
#include <vector>

#include "common/net/tcp_listener.hpp"
#include "common/net/tcp_stream.hpp"

namespace dlab::test {

// Longer than any test may take, so that only its own deadline can end it.
constexpr std::chrono::seconds kLong{60};

inline net::TcpStream connect_to(const net::TcpListener& listener,
                                 const net::SocketOptions& options = {}) {
  const std::vector addresses{listener.address()};
  auto stream = net::TcpStream::connect(addresses, options, kLong);
  stream.set_stall_timeout(kLong);
  return stream;
}

// Two ends of one TCP connection over loopback.
struct StreamPair {
  explicit StreamPair(const net::SocketOptions& options = {})
      : listener({"127.0.0.1", 0}, 8, options),
        client(connect_to(listener, options)),
        server(*listener.accept()) {
    server.set_stall_timeout(kLong);
  }

  net::TcpListener listener;
  net::TcpStream client;
  net::TcpStream server;
};

// `size` bytes, or fewer when the peer closes first.
inline std::vector<std::byte> receive(net::TcpStream& stream, std::size_t size) {
  std::vector<std::byte> bytes(size);
  std::size_t done = 0;
  for (std::size_t count = 1; count > 0 && done < size; done += count) {
    count = stream.receive_some(std::span(bytes).subspan(done));
  }
  bytes.resize(done);
  return bytes;
}

// As small as the kernel lets buffers be, so that senders soon have to wait.
inline net::SocketOptions tiny_buffers() {
  net::SocketOptions options;
  options.send_buffer = 4096;
  options.receive_buffer = 4096;
  return options;
}

}  // namespace dlab::test
