#include "linkem/tool/server_watch.hpp"

#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>

#include "common/base/check.hpp"

namespace dlab::linkem::tool {
namespace {

constexpr const char* kAnnouncement = "listening on ";
constexpr std::size_t kLongestLine = 4096;
constexpr std::size_t kPipeBytes = 65536;   // what a pipe holds (pipe(7))
constexpr const char* kListenState = "0A";  // TCP_LISTEN, in /proc/net/tcp

// "   0: 0100007F:2329 00000000:0000 0A ...": local address, remote address, state.
bool is_listener(const std::string& line, std::uint16_t port) {
  std::istringstream fields(line);
  std::string number;
  std::string local;
  std::string remote;
  std::string state;
  fields >> number >> local >> remote >> state;
  const auto colon = local.find(':');
  unsigned found = 0;
  if (state != kListenState || colon == local.npos) {
    return false;
  }
  std::from_chars(local.data() + colon + 1, local.data() + local.size(), found, 16);
  return found == port;
}

}  // namespace

std::optional<std::uint16_t> announced_port(const std::string& line) {
  const auto found = line.find(kAnnouncement);
  const auto colon = line.rfind(':');
  if (found == line.npos || colon == line.npos || colon < found) {
    return std::nullopt;
  }
  std::uint16_t port = 0;
  const auto [end, error] =
      std::from_chars(line.data() + colon + 1, line.data() + line.size(), port);
  return error == std::errc() && port != 0 ? std::optional(port) : std::nullopt;
}

bool ServerOutput::read() {
  std::array<char, kPipeBytes> text{};
  const auto length =
      base::retry_interrupted([&] { return ::read(pipe_.get(), text.data(), text.size()); });
  if (length <= 0) {
    return length < 0 && errno == EAGAIN;
  }
  std::fwrite(text.data(), 1, static_cast<std::size_t>(length), stderr);
  for (const char c : std::string_view(text.data(), static_cast<std::size_t>(length))) {
    if (c != '\n') {
      if (line_.size() < kLongestLine) {
        line_ += c;
      }
      continue;
    }
    if (!port_) {
      port_ = announced_port(line_);
    }
    line_.clear();
  }
  return true;
}

bool listens(pid_t pid, std::uint16_t port) {
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/net/" + table);
    for (std::string line; std::getline(file, line);) {
      if (is_listener(line, port)) {
        return true;
      }
    }
  }
  return false;
}

}  // namespace dlab::linkem::tool
