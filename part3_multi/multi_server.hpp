#pragma once

#include <list>
#include <vector>

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/file_service.hpp"
#include "part3_multi/connection_threads.hpp"

namespace dlab::part3 {

// Part 3's server: many clients at once, each connection on a thread of its own.
class MultiServer {
 public:
  // `rate_limits`: caps on the connections, in order of arrival; after the last comes the first
  // again. Empty: no caps. Listens at once. Throws std::system_error (port in use, no such folder).
  MultiServer(const cli::ServerOptions& options, net::IoPath io,
              std::vector<base::BitRate> rate_limits);

  [[nodiscard]] net::SocketAddress address() const { return listener_.address(); }

  // Serves until stop() is called and the last connection has ended.
  void run();
  // Ends run() and every connection; from any thread.
  void stop();

 private:
  void serve_client(net::TcpStream stream, std::optional<base::BitRate> rate_limit);
  std::optional<base::BitRate> next_rate_limit();

  net::ServiceLimits limits_;
  net::IoPath io_;
  std::vector<base::BitRate> rate_limits_;
  std::size_t accepted_ = 0;
  serve::FileService files_;
  report::TcpSampler sampler_;
  net::OpenStreams open_;
  net::TcpListener listener_;
  ConnectionThreads threads_;  // last: its threads use all of the above
};

}  // namespace dlab::part3
