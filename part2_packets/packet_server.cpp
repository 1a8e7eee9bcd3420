#include "part2_packets/packet_server.hpp"

#include <iostream>
#include <utility>

#include "common/serve/request_loop.hpp"

namespace dlab::part2 {

PacketServer::PacketServer(const cli::ServerOptions& options, const PacketServerOptions& packets)
    : limits_(options.limits),
      batch_{.packets = packets.batch_packets, .bytes = options.limits.buffer_bytes},
      faults_(packets.faults, packets.seed),
      files_(options.root, options.log ? &std::cerr : nullptr),
      sampler_(options.samples),
      listener_(options.listen, options.backlog, options.socket) {}

void PacketServer::run() {
  while (auto stream = net::accept_when_possible(listener_, open_)) {
    serve_client(*std::move(stream));
  }
}

void PacketServer::stop() {
  listener_.stop();
  open_.shut_down_all();
}

void PacketServer::serve_client(net::TcpStream stream) {
  exchange::MessageChannel channel(std::move(stream));
  const net::OpenStreams::Entry entry(open_, channel.stream());
  const report::TcpSampler::Watch watch(sampler_, channel.stream().fd());
  serve::BodySender sender(channel.stream(), net::IoPath::copy, limits_.buffer_bytes);
  PacketSender packets(channel.stream(), batch_, faults_);
  serve::serve_requests(channel, limits_, files_.log(), [&](const wire::Frame& request) {
    if (request.type != wire::MessageType::get_packets) {
      return files_.answer(request, channel, sender);
    }
    answer_packets(request, channel.stream(), packets);
    return true;
  });
}

// As FileService answers GET; only what follows the header differs.
void PacketServer::answer_packets(const wire::Frame& request, net::TcpStream& stream,
                                  PacketSender& packets) {
  wire::GetPackets asked;
  auto reply = serve::reply_to<wire::GetPackets>(request, "PACKETS", [&](const auto& get) {
    asked = get;
    return files_.reply_to_get(
        {.offset = get.offset, .length = get.length, .version = get.version, .name = get.name},
        "PACKETS");
  });
  files_.send(std::move(reply), stream, [&](const auto& file, auto range, auto& delivery) {
    packets.send(file, range, asked, delivery);
  });
}

}  // namespace dlab::part2
