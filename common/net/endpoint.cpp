#include "common/net/endpoint.hpp"

#include <arpa/inet.h>
#include <net/if.h>
#include <netdb.h>

#include <array>
#include <charconv>
#include <cstring>
#include <memory>
#include <system_error>

#include "common/base/check.hpp"

namespace dlab::net {
namespace {

class ResolverCategory : public std::error_category {
 public:
  [[nodiscard]] const char* name() const noexcept override { return "resolver"; }
  [[nodiscard]] std::string message(int code) const override { return ::gai_strerror(code); }
};

const std::error_category& resolver_category() {
  static const ResolverCategory category;
  return category;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || rest != text.data() + text.size()) {
    return std::nullopt;
  }
  return port;
}

}  // namespace

std::string Endpoint::text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<Endpoint> parse_endpoint(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) {
    return std::nullopt;
  }
  std::string_view host = text.substr(0, colon);
  const auto port = parse_port(text.substr(colon + 1));
  const bool in_brackets = host.front() == '[' && host.back() == ']';
  if (in_brackets != (host.find(':') != std::string_view::npos)) {
    return std::nullopt;  // brackets are for IPv6 addresses, whose port is ambiguous without
  }
  if (in_brackets) {
    host = host.substr(1, host.size() - 2);
  }
  if (!port || host.empty() || host.find_first_of("[]") != std::string_view::npos) {
    return std::nullopt;
  }
  return Endpoint{std::string(host), *port};
}

SocketAddress::SocketAddress(const sockaddr* address, socklen_t length) : length_(length) {
  std::memcpy(&storage_, address, length);
}

std::uint16_t SocketAddress::port() const {
  if (family() == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(storage_).sin6_port);
  }
  return ntohs(reinterpret_cast<const sockaddr_in&>(storage_).sin_port);
}

std::string SocketAddress::text() const {
  std::array<char, INET6_ADDRSTRLEN + 1 + IF_NAMESIZE> host{};
  ::getnameinfo(get(), length(), host.data(), host.size(), nullptr, 0, NI_NUMERICHOST);
  return Endpoint{host.data(), port()}.text();
}

SocketAddress local_address(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  base::check(::getsockname(fd, address, &length), "getsockname", "socket");
  return {address, length};
}

SocketAddress peer_address(int fd) {
  sockaddr_storage storage{};
  socklen_t length = sizeof storage;
  auto* const address = reinterpret_cast<sockaddr*>(&storage);
  base::check(::getpeername(fd, address, &length), "getpeername", "socket");
  return {address, length};
}

std::vector<SocketAddress> resolve(const Endpoint& endpoint, bool passive) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV | (passive ? AI_PASSIVE : 0);
  addrinfo* list = nullptr;
  const int code =
      ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
  if (code == EAI_SYSTEM) {
    base::throw_system_error(errno, "resolve", endpoint.host);
  }
  if (code != 0) {
    throw std::system_error(code, resolver_category(), "resolve " + endpoint.host);
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(list, ::freeaddrinfo);
  std::vector<SocketAddress> addresses;
  for (const addrinfo* entry = list; entry != nullptr; entry = entry->ai_next) {
    addresses.emplace_back(entry->ai_addr, entry->ai_addrlen);
  }
  return addresses;
}

}  // namespace dlab::net
