#include "part4_mirrors/mirror_server.hpp"

#include <iostream>

namespace dlab::part4 {

MirrorServer::MirrorServer(const cli::ServerOptions& options, const MirrorServerOptions& mirror)
    : sampler_(options.samples),
      host_(host_options(options, mirror)),
      model_(serve::make_model(serve::ModelKind::iterative, host_, 0)) {}

serve::HostOptions MirrorServer::host_options(const cli::ServerOptions& options,
                                              const MirrorServerOptions& mirror) {
  serve::HostOptions host{.root = options.root,
                          .log = options.log ? &std::cerr : nullptr,
                          .listen = options.listen,
                          .backlog = options.backlog,
                          .socket = options.socket,
                          .limits = options.limits,
                          .io = mirror.io,
                          .rate_limits = mirror.rate_limits};
  host.limits.one_request = true;
  if (!options.samples.empty()) {
    host.watch = [this](int fd) {
      return std::make_shared<report::TcpSampler::Watch>(sampler_, fd);
    };
  }
  return host;
}

}  // namespace dlab::part4
