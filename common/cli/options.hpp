#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/base/units.hpp"
#include "common/download/options.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/io_path.hpp"
#include "common/net/service_options.hpp"
#include "common/net/socket_options.hpp"

// Plain structs: whoever only reads options need not know the command-line library.
namespace dlab::cli {

// What the command lines of all servers share.
struct ServerOptions : net::ServiceOptions {
  std::string samples;
  bool log = false;
};

enum class SinkKind { file, discard };

// What the command lines of all clients share.
struct ClientOptions : download::Options {
  net::Endpoint server;
  std::string name;  // empty: to be asked for
  SinkKind sink = SinkKind::file;
  std::optional<bool> verify_wish;  // --verify, --no-verify
  std::chrono::nanoseconds connect_timeout = std::chrono::seconds(10);
  std::chrono::nanoseconds stall_timeout = std::chrono::seconds(30);
  std::optional<base::ByteCount> buffer;
  net::SocketOptions socket;
  std::uint64_t seed = 1;
  std::string report;
  std::string rows;
  bool quiet = false;

  // Digests are compared unless nothing is kept that could be wrong.
  [[nodiscard]] bool verify() const { return verify_wish.value_or(sink == SinkKind::file); }
};

}  // namespace dlab::cli
