#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "linkem/emulator.hpp"
#include "linkem/tool/host_command.hpp"
#include "linkem/tool/options.hpp"
#include "linkem/tool/server_watch.hpp"

namespace dlab::linkem::tool {

// A server and a client, each on its host: starts the one, waits until it is ready, runs the other.
// Blocks SIGINT, SIGTERM and SIGHUP, unless they are ignored, and SIGCHLD of this process for as
// long as it lives. Nothing that it started outlives it.
class Session {
 public:
  Session(const Options& options, const Emulator& star);
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  ~Session();

  // Throws std::runtime_error when the server ends before it is ready, or is not ready in time.
  void start_server();

  // Runs the client and returns its exit status as a shell would (128 + signal). Ctrl-C is for the
  // client; SIGTERM and SIGHUP are passed on to it. Throws std::runtime_error when it does not end
  // in time, or when the link breaks.
  int run_client();

  void stop_server();

  // Where the server listens; 0: not known.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] base::Duration client_ran() const { return client_ran_; }

 private:
  void await_ready();
  void wait_a_little(base::Duration most);
  void take_in_children();
  void hear_last_words();
  void wait_for_client(base::Duration at_most);
  static void end(pid_t pid, const std::optional<int>& ended);
  [[nodiscard]] std::string fill_in(std::string argument) const;
  [[nodiscard]] int client_status() const;

  const Options& options_;
  const Emulator& star_;
  sigset_t before_{};
  base::FileDescriptor signals_;
  ProcessNamespace processes_;
  std::optional<ServerOutput> output_;
  pid_t server_ = -1;
  pid_t client_ = -1;
  std::optional<int> server_ended_;  // wait status
  std::optional<int> client_ended_;
  base::Duration client_ran_{};
};

}  // namespace dlab::linkem::tool
