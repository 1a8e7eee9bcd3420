#include "part1_single/file_server.hpp"

#include <iostream>
#include <optional>
#include <utility>

#include "common/serve/request_loop.hpp"

namespace dlab::part1 {

FileServer::FileServer(const cli::ServerOptions& options, serve::IoPath io)
    : limits_(options.limits),
      io_(io),
      files_(options.root, options.log ? &std::cerr : nullptr),
      sampler_(options.samples),
      listener_(options.listen, options.backlog, options.socket) {}

void FileServer::run() {
  while (auto stream = net::accept_when_possible(listener_, open_)) {
    serve_client(*std::move(stream));
  }
}

void FileServer::stop() {
  listener_.stop();
  open_.shut_down_all();
}

void FileServer::serve_client(net::TcpStream stream) {
  exchange::MessageChannel channel(std::move(stream));
  const net::OpenStreams::Entry entry(open_, channel.stream());
  const report::TcpSampler::Watch watch(sampler_, channel.stream().fd());
  serve::BodySender sender(channel.stream(), io_, limits_.buffer_bytes);
  serve::serve_requests(channel, limits_, files_.log(), [&](const wire::Frame& request) {
    return files_.answer(request, channel, sender);
  });
}

}  // namespace dlab::part1
