#pragma once

#include <cstdint>
#include <optional>

#include "common/cli/options.hpp"
#include "common/cli/values.hpp"

namespace dlab::cli {

// Declare those options. `app` and `options` must outlive the parsing.
void add_server_options(CLI::App& app, ServerOptions& options, std::uint16_t default_port);
// --io of servers that can choose; `path` holds the default.
void add_io_option(CLI::App& app, net::IoPath& path);
void add_client_options(CLI::App& app, ClientOptions& options);
// The same but for SERVER, for a client of several: FILE and all that is no argument.
void add_download_options(CLI::App& app, ClientOptions& options);

// Parses the command line. Something to return at once when it was wrong (2, one line on stderr)
// or asked for help (0).
std::optional<int> parse(CLI::App& app, int argc, char** argv);

}  // namespace dlab::cli
