#pragma once

#include <memory>
#include <vector>

#include "common/cli/options.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/host.hpp"
#include "common/serve/model.hpp"

namespace dlab::part4 {

// What a mirror is asked for beside what all servers are.
struct MirrorServerOptions {
  net::IoPath io = net::IoPath::sendfile;
  // Caps on the connections, in order of arrival; after the last comes the first again.
  std::vector<base::BitRate> rate_limits;
};

// Part 4's server: one client at a time and one request a connection, so that nobody who waits in
// the listen queue waits for more than the answers before his.
class MirrorServer {
 public:
  // Listens at once. Throws std::system_error (port in use, no such folder).
  MirrorServer(const cli::ServerOptions& options, const MirrorServerOptions& mirror);

  [[nodiscard]] net::SocketAddress address() { return host_.listener().address(); }

  // Serves until stop() is called.
  void run() { model_->run(); }
  // Ends run() and the connection being served; from any thread.
  void stop() { model_->stop(); }

 private:
  serve::HostOptions host_options(const cli::ServerOptions& options,
                                  const MirrorServerOptions& mirror);

  report::TcpSampler sampler_;
  serve::Host host_;
  std::unique_ptr<serve::Model> model_;
};

}  // namespace dlab::part4
