#include "part2_packets/packet_server.hpp"

#include <iostream>
#include <optional>
#include <utility>

#include "common/serve/recording.hpp"
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
  serve::serve_requests(channel, limits_, [&](const wire::Frame& request) {
    if (request.type != wire::MessageType::get_packets) {
      return files_.answer(request, channel, sender);
    }
    if (const auto get = serve::understand<wire::GetPackets>(request, channel)) {
      answer_packets(*get, channel, packets);
    }
    return true;
  });
}

// As FileService answers GET; only what follows the header differs.
void PacketServer::answer_packets(const wire::GetPackets& get, exchange::MessageChannel& channel,
                                  PacketSender& packets) {
  serve::Recording recording(files_.log(), {.request = "PACKETS", .name = get.name},
                             channel.stream());
  auto& record = recording.record;
  const auto refuse = [&](const wire::Error& error) {
    record.status = wire::error_name(error.code);
    channel.send(error);
  };
  const auto opened = files_.open(get.name, get.version);
  if (const auto* error = std::get_if<wire::Error>(&opened)) {
    return refuse(*error);
  }
  const auto& file = std::get<storage::ServedFile>(opened);
  const auto range = serve::requested_range(get.offset, get.length, 1, file.size);
  if (!range) {
    return refuse({wire::ErrorCode::bad_range, "the range begins behind the end of the file"});
  }
  record.range = *range;
  recording.deliver([&] {
    channel.send(serve::describe(file, *range), true);
    packets.send(file, *range, get, record.delivery);
  });
}

}  // namespace dlab::part2
