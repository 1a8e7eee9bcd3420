#include "bench/runner/proc_net.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <string>
#include <vector>

#include "bench/runner/files.hpp"
#include "common/base/check.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::bench {
namespace {

constexpr std::string_view kListenState = "0A";  // TCP_LISTEN of the kernel's tcp_states.h
constexpr std::uint16_t kFirstPort = 20001;
constexpr std::uint16_t kLastPort = 29999;

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (!text.empty()) {
    const auto end = std::min(text.find(separator), text.size());
    if (end > 0) {
      parts.push_back(text.substr(0, end));
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

// "0100007F:2329" -> 9001
std::optional<std::uint16_t> port_of(std::string_view address) {
  const auto colon = address.rfind(':');
  std::uint16_t port = 0;
  if (colon == std::string_view::npos) {
    return std::nullopt;
  }
  const auto [end, error] =
      std::from_chars(address.data() + colon + 1, address.data() + address.size(), port, 16);
  return error == std::errc() ? std::optional(port) : std::nullopt;
}

bool can_bind(std::uint16_t port) {
  const base::FileDescriptor socket(
      base::check(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket", "for a free port"));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_ANY);
  address.sin_port = htons(port);
  return bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
}

}  // namespace

bool has_listener(std::string_view proc_net_tcp, std::uint16_t port) {
  return std::ranges::any_of(split(proc_net_tcp, '\n'), [&](std::string_view line) {
    const auto words = split(line, ' ');  // sl local_address rem_address st ...
    return words.size() > 3 && words[3] == kListenState && port_of(words[1]) == port;
  });
}

std::optional<std::int64_t> retransmitted_segments(std::string_view proc_net_snmp) {
  std::vector<std::string_view> names;
  for (const auto line : split(proc_net_snmp, '\n')) {
    if (!line.starts_with("Tcp:")) {
      continue;
    }
    const auto words = split(line, ' ');
    if (names.empty()) {
      names = words;
      continue;
    }
    const auto found = std::ranges::find(names, "RetransSegs");
    const auto index = static_cast<std::size_t>(found - names.begin());
    return index < words.size() ? std::optional(leading_number(words[index])) : std::nullopt;
  }
  return std::nullopt;
}

bool is_listening(std::uint16_t port) {
  return has_listener(read_file("/proc/thread-self/net/tcp"), port) ||
         has_listener(read_file_if_any("/proc/thread-self/net/tcp6").value_or(""), port);
}

std::optional<std::int64_t> retransmitted_segments() {
  return retransmitted_segments(read_file_if_any("/proc/thread-self/net/snmp").value_or(""));
}

std::uint16_t free_port() {
  thread_local std::uint16_t next = kFirstPort;
  for (int attempt = kFirstPort; attempt <= kLastPort; ++attempt) {
    const std::uint16_t port = next;
    next = next == kLastPort ? kFirstPort : static_cast<std::uint16_t>(next + 1);
    if (can_bind(port)) {
      return port;
    }
  }
  base::throw_system_error(EADDRINUSE, "bind", "any port from 20001 to 29999");
}

}  // namespace dlab::bench
