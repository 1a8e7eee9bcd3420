#include "part3_multi/multi_server.hpp"

#include <iostream>
#include <memory>
#include <system_error>
#include <utility>

#include "common/serve/request_loop.hpp"

namespace dlab::part3 {

MultiServer::MultiServer(const cli::ServerOptions& options, net::IoPath io,
                         std::vector<base::BitRate> rate_limits)
    : limits_(options.limits),
      io_(io),
      rate_limits_(std::move(rate_limits)),
      files_(options.root, options.log ? &std::cerr : nullptr),
      sampler_(options.samples),
      listener_(options.listen, options.backlog, options.socket) {}

void MultiServer::run() {
  while (auto accepted = net::accept_when_possible(listener_, open_)) {
    // Shared with the thread, so that the connection is still here when no thread can be had.
    const auto stream = std::make_shared<net::TcpStream>(*std::move(accepted));
    try {
      threads_.start([this, stream, rate_limit = next_rate_limit()] {
        serve_client(std::move(*stream), rate_limit);
      });
    } catch (const std::system_error&) {
      serve::refuse_connection(std::move(*stream), "no thread left for another connection");
    }
  }
  threads_.join_all();
}

void MultiServer::stop() {
  listener_.stop();
  open_.shut_down_all();
}

std::optional<base::BitRate> MultiServer::next_rate_limit() {
  if (rate_limits_.empty()) {
    return std::nullopt;
  }
  return rate_limits_[accepted_++ % rate_limits_.size()];
}

void MultiServer::serve_client(net::TcpStream stream, std::optional<base::BitRate> rate_limit) {
  exchange::MessageChannel channel(std::move(stream));
  const net::OpenStreams::Entry entry(open_, channel.stream());
  const report::TcpSampler::Watch watch(sampler_, channel.stream().fd());
  serve::BodySender sender(channel.stream(), io_, limits_.buffer_bytes, rate_limit);
  serve::serve_requests(channel, limits_, [&](const wire::Frame& request) {
    return files_.answer(request, channel, sender);
  });
}

}  // namespace dlab::part3
