#include "part4_mirrors/mirror_server.hpp"

#include <iostream>

namespace dlab::part4 {

MirrorServer::MirrorServer(const cli::ServerOptions& options, const serve::HostOptions& mirror)
    : sampler_(options.samples),
      host_(host_options(options, mirror)),
      model_(serve::make_model(serve::ModelKind::iterative, host_, 0)) {}

serve::HostOptions MirrorServer::host_options(const cli::ServerOptions& options,
                                              const serve::HostOptions& mirror) {
  serve::HostOptions host = mirror;
  host.root = options.root;
  host.log = options.log ? &std::cerr : nullptr;
  host.listen = options.listen;
  host.backlog = options.backlog;
  host.socket = options.socket;
  host.limits = options.limits;
  host.limits.one_request = true;
  if (!options.samples.empty()) {
    host.watch = [this](int fd) {
      return std::make_shared<report::TcpSampler::Watch>(sampler_, fd);
    };
  }
  return host;
}

}  // namespace dlab::part4
