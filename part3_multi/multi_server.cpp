#include "part3_multi/multi_server.hpp"

#include <iostream>

#include "common/base/errors.hpp"

namespace dlab::part3 {
namespace {

using serve::ModelKind;

// The sampler is a thread that looks at sockets of its own process.
void refuse_contradictions(const cli::ServerOptions& options, const MultiServerOptions& multi) {
  if (!options.samples.empty() &&
      (multi.model == ModelKind::processes || multi.model == ModelKind::prefork)) {
    throw base::UsageError("--samples needs all connections in one process: not with --model " +
                           std::string(serve::name_of(multi.model)));
  }
}

}  // namespace

MultiServer::MultiServer(const cli::ServerOptions& options, const MultiServerOptions& multi)
    : sampler_((refuse_contradictions(options, multi), options.samples)),
      host_(host_options(options, multi)),
      model_(serve::make_model(multi.model, host_, multi.workers)) {
  if (!model_) {
    std::cerr << "part3_server: this kernel offers no io_uring: serving by epoll\n";
    model_ = serve::make_model(ModelKind::epoll, host_, multi.workers);
  }
}

serve::HostOptions MultiServer::host_options(const cli::ServerOptions& options,
                                             const MultiServerOptions& multi) {
  serve::HostOptions host = multi.host;
  static_cast<net::ServiceOptions&>(host) = options;
  host.log = options.log ? &std::cerr : nullptr;
  host.watch = sampler_.watcher();
  return host;
}

}  // namespace dlab::part3
