#pragma once

#include <memory>

#include "common/cli/options.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/host.hpp"
#include "common/serve/model.hpp"

namespace dlab::part3 {

// What part 3's server is asked for beside what all servers are.
struct MultiServerOptions {
  serve::ModelKind model = serve::ModelKind::threads;
  unsigned workers = 0;     // 0: the model's default
  serve::HostOptions host;  // but for what cli::ServerOptions say
};

// Part 3's server: many clients at once, scheduled as one of the seven models does it.
class MultiServer {
 public:
  // Listens at once. Throws std::system_error (port in use, no such folder), base::UsageError for
  // wishes that contradict each other.
  MultiServer(const cli::ServerOptions& options, const MultiServerOptions& multi);

  [[nodiscard]] net::SocketAddress address() { return host_.listener().address(); }

  // Serves until stop() is called and the last connection has ended.
  void run() { model_->run(); }
  // Ends run() and every connection; from any thread.
  void stop() { model_->stop(); }

 private:
  serve::HostOptions host_options(const cli::ServerOptions& options,
                                  const MultiServerOptions& multi);

  report::TcpSampler sampler_;
  serve::Host host_;
  std::unique_ptr<serve::Model> model_;
};

}  // namespace dlab::part3
