#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "linkem/named_links.hpp"

namespace dlab::linkem::tool {

enum class Action { run, shell, join, certify, check, list };

// The command line of linkem.
struct Options {
  Action action = Action::run;
  NamedLink link;
  std::uint64_t seed = 1;
  std::string server;                // run by sh -c; blank: none
  std::vector<std::string> command;  // the client
  std::uint16_t ready_port = 0;      // 0: the server says "listening on"
  std::chrono::nanoseconds ready_timeout = std::chrono::seconds(10);
  std::optional<std::chrono::nanoseconds> timeout;  // of the client
  std::filesystem::path log;
  std::filesystem::path pcap;
  std::filesystem::path json;  // certify: where to store the certificate
  bool quiet = false;
  pid_t join_pid = 0;  // join: which star, and which of its hosts
  std::string join_host;
};

// Something to return at once when the command line was wrong or asked for help. Throws
// base::UsageError for what the parser cannot know to be wrong.
std::optional<int> parse_options(int argc, char** argv, Options& options);

}  // namespace dlab::linkem::tool
