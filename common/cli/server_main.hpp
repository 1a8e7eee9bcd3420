#pragma once

#include <string>

#include "common/cli/command_line.hpp"
#include "common/cli/program.hpp"
#include "common/cli/signal_watcher.hpp"

namespace dlab::cli {

// The life of every server: make it, say where it listens, run it until a signal stops it.
// `make_server` returns an object with address(), run() and stop().
template <typename MakeServer>
int run_server(const std::string& program, MakeServer make_server) {
  return run_program(program, [&] {
    const BlockedSignals blocked;  // before the server starts its threads
    auto server = make_server();
    const SignalWatcher watcher(blocked, [&server] { server.stop(); });
    announce_listening(server.address());
    server.run();
  });
}

}  // namespace dlab::cli
