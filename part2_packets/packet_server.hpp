#pragma once

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/net/tcp_listener.hpp"
#include "common/report/tcp_sampler.hpp"
#include "common/serve/file_service.hpp"
#include "part2_packets/packet_sender.hpp"

namespace dlab::part2 {

struct PacketServerOptions {
  std::size_t batch_packets = 32;
  FaultRates faults;
  std::uint64_t seed = 1;
};

// Part 2's server: part 1's, one thread that serves one client after another, and it also sends
// files as packets.
class PacketServer {
 public:
  // Listens at once. Throws std::system_error (port in use, no such folder).
  PacketServer(const cli::ServerOptions& options, const PacketServerOptions& packets);

  [[nodiscard]] net::SocketAddress address() const { return listener_.address(); }

  // Serves until stop() is called.
  void run();
  // Ends run() and the connection being served; from any thread.
  void stop();

 private:
  void serve_client(net::TcpStream stream);
  void answer_packets(const wire::Frame& request, net::TcpStream& stream, PacketSender& packets);

  net::ServiceLimits limits_;
  BatchLimits batch_;
  FaultInjector faults_;
  serve::FileService files_;
  report::TcpSampler sampler_;
  net::OpenStreams open_;
  net::TcpListener listener_;
};

}  // namespace dlab::part2
