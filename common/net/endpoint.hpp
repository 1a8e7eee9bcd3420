#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::net {

// A host, by name or number, and a TCP port: "localhost:9001", "127.0.0.1:9001", "[::1]:9001",
// "[fe80::1%eth0]:9001" (a link-local address is one of a link, its zone: RFC 4007 section 11).
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;

  [[nodiscard]] std::string text() const;
};

// Nothing when `text` is not HOST:PORT with a port from 0 to 65535.
std::optional<Endpoint> parse_endpoint(std::string_view text);

// A numeric socket address, IPv4 or IPv6.
class SocketAddress {
 public:
  SocketAddress() = default;
  SocketAddress(const sockaddr* address, socklen_t length);

  [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage_); }
  [[nodiscard]] socklen_t length() const { return length_; }
  [[nodiscard]] int family() const { return storage_.ss_family; }
  [[nodiscard]] std::uint16_t port() const;
  // "127.0.0.1:9001", "[::1]:9001" or "[fe80::1%eth0]:9001".
  [[nodiscard]] std::string text() const;

 private:
  sockaddr_storage storage_{};
  socklen_t length_ = 0;
};

// Local and remote address of a socket. Throw std::system_error.
SocketAddress local_address(int fd);
SocketAddress peer_address(int fd);

// All addresses of `endpoint`, in the order the resolver prefers; at least one.
// `passive`: for listening. Throws std::system_error in the category "resolver" (getaddrinfo(3)).
std::vector<SocketAddress> resolve(const Endpoint& endpoint, bool passive);

}  // namespace dlab::net
