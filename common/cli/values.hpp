#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <CLI/CLI.hpp>

#include "common/base/units.hpp"
#include "common/net/endpoint.hpp"

namespace dlab::cli {

// Options whose values carry units (common/base/units.hpp) or name a server. A value that is none,
// or out of range, is refused with what would be right. `store` receives each value that is taken.

struct ByteRangeAllowed {
  base::ByteCount least;
  base::ByteCount most;
};

CLI::Option* add_bytes(CLI::App& app, const std::string& option, const std::string& help,
                       ByteRangeAllowed allowed, std::function<void(base::ByteCount)> store);

CLI::Option* add_duration(CLI::App& app, const std::string& option, const std::string& help,
                          std::function<void(std::chrono::nanoseconds)> store);

// The same for a timeout: it is 1 ms at least, and kept in `value`.
CLI::Option* add_timeout(CLI::App& app, const std::string& option, const std::string& help,
                         std::chrono::nanoseconds& value);

CLI::Option* add_rate(CLI::App& app, const std::string& option, const std::string& help,
                      std::function<void(base::BitRate)> store);

// The same for a list, separated by commas; `store` is called for each rate.
CLI::Option* add_rates(CLI::App& app, const std::string& option, const std::string& help,
                       std::function<void(base::BitRate)> store);

// The argument SERVER, which must be there: HOST:PORT with a port that is not 0.
CLI::Option* add_server(CLI::App& app, net::Endpoint& server);

// Refuses an option's value: "--buffer 0: must lie between 1 B and 1.0 GiB".
[[noreturn]] void refuse(const std::string& option, std::string_view value,
                         const std::string& reason);

}  // namespace dlab::cli
