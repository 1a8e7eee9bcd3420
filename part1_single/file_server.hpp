#pragma once

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/file_service.hpp"

namespace dlab::part1 {

// Part 1's server: one thread that serves one client after another. Whoever comes meanwhile waits
// in the listen queue.
class FileServer {
 public:
  // Listens at once. Throws std::system_error (port in use, no such folder).
  FileServer(const cli::ServerOptions& options, serve::IoPath io);

  [[nodiscard]] net::SocketAddress address() const { return listener_.address(); }

  // Serves until stop() is called.
  void run();
  // Ends run() and the connection being served; from any thread.
  void stop();

 private:
  void serve_client(net::TcpStream stream);

  net::ServiceLimits limits_;
  serve::IoPath io_;
  serve::FileService files_;
  report::TcpSampler sampler_;
  net::OpenStreams open_;
  net::TcpListener listener_;
};

}  // namespace dlab::part1
