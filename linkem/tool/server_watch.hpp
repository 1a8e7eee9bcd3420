#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/file_descriptor.hpp"

namespace dlab::linkem::tool {

// Reads what a server prints, passes it on to our stderr (stdout is the client's) and finds the
// port of its line "listening on ADDRESS:PORT".
class ServerOutput {
 public:
  // `pipe`: the reading end, non-blocking.
  explicit ServerOutput(base::FileDescriptor pipe) : pipe_(std::move(pipe)) {}

  [[nodiscard]] int fd() const { return pipe_.get(); }
  // Takes all that has come; false at its end.
  bool read();
  [[nodiscard]] std::optional<std::uint16_t> port() const { return port_; }

 private:
  base::FileDescriptor pipe_;
  std::string line_;  // as far as it has come
  std::optional<std::uint16_t> port_;
};

// The port in "... listening on 127.0.0.1:9001"; nothing for any other line.
std::optional<std::uint16_t> announced_port(const std::string& line);

// Whether anything listens on `port` in the network namespace of process `pid`. Asks /proc/net/tcp
// and never connects, which would use up a server that serves once.
bool listens(pid_t pid, std::uint16_t port);

}  // namespace dlab::linkem::tool
