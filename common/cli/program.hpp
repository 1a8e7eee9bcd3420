#pragma once

#include <functional>
#include <string>

#include "common/cli/options.hpp"
#include "common/net/endpoint.hpp"
#include "common/report/transfer_report.hpp"

namespace dlab::cli {

// Raises the soft limit of open files to the hard one, for this process and those that it starts: a
// connection is a file descriptor, and the soft limit of 1,024 is a habit of old programs.
void allow_many_descriptors();

// Tells the user on stderr: "PROGRAM: TEXT". What others wrote may stand in `text`: it cannot steer
// the terminal (base::printable_lines).
void say(const std::string& program, const std::string& text);

// Runs a program's body. An exception becomes one line on stderr and an exit code. A peer that left
// (SIGPIPE) and a file that grows beyond its limit (SIGXFSZ) are errors like any other.
int run_program(const std::string& program, const std::function<void()>& body);

// The same for a client: how it ended is also written into `report` and, with --report, to a file.
// Prints a summary unless --quiet.
int report_on(const ClientOptions& options, report::TransferReport& report,
              const std::function<void()>& body);

// The one line on stdout that says that a server can be reached.
void announce_listening(const net::SocketAddress& address);

}  // namespace dlab::cli
