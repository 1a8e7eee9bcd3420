#pragma once

#include <memory>

#include "common/cli/options.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/host.hpp"
#include "common/serve/model.hpp"

namespace dlab::part4 {

// Part 4's server: one client at a time and one request a connection, so that nobody who waits in
// the listen queue waits for more than the answers before his.
class MirrorServer {
 public:
  // `mirror`: but for what cli::ServerOptions say. Listens at once. Throws std::system_error (port
  // in use, no such folder).
  MirrorServer(const cli::ServerOptions& options, const serve::HostOptions& mirror);

  [[nodiscard]] net::SocketAddress address() { return host_.listener().address(); }

  // Serves until stop() is called.
  void run() { model_->run(); }
  // Ends run() and the connection being served; from any thread.
  void stop() { model_->stop(); }

 private:
  serve::HostOptions host_options(const cli::ServerOptions& options,
                                  const serve::HostOptions& mirror);

  report::TcpSampler sampler_;
  serve::Host host_;
  std::unique_ptr<serve::Model> model_;
};

}  // namespace dlab::part4
