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
  static_cast<net::ServiceOptions&>(host) = options;
  host.log = options.log ? &std::cerr : nullptr;
  host.limits.one_request = true;
  host.watch = sampler_.watcher();
  return host;
}

}  // namespace dlab::part4
