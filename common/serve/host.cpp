#include "common/serve/host.hpp"

#include <utility>

namespace dlab::serve {

Connection::Connection(Host& host, net::TcpStream accepted, base::TimePoint now)
    : counted_(std::in_place, host.served_),
      stream(std::move(accepted)),
      session(host.files_, host.options_.limits, host.next_rate_limit(), stream.peer(),
              host.files_.log().is_kept() ? net::congestion_algorithm(stream.fd()) : "", now),
      entry_(host.open_, stream),
      watch_(host.options_.watch ? host.options_.watch(stream.fd()) : nullptr) {}

void Connection::refuse(std::string why) {
  session.refuse(std::move(why));
  counted_.reset();
}

Host::Host(HostOptions options)
    : options_(std::move(options)), files_(options_.root, options_.log) {
  listeners_.emplace_back(options_.listen, options_.backlog, options_.socket);
}

void Host::listen_more(unsigned more) {
  for (unsigned i = 0; i < more; ++i) {
    listeners_.push_back(listener().another(options_.backlog, options_.socket));
  }
}

std::unique_ptr<Connection> Host::welcome(net::TcpStream accepted, std::size_t elsewhere) {
  auto client = std::make_unique<Connection>(*this, std::move(accepted), base::Clock::now());
  const std::size_t most = options_.max_connections;
  if (most != 0 && served_ + elsewhere > most) {
    client->refuse("this server serves at most " + std::to_string(most) + " connections at once");
  }
  return client;
}

void Host::stop() {
  for (auto& listener : listeners_) {
    listener.stop();
  }
  if (options_.grace > base::Duration::zero()) {
    open_.finish_all();
    open_.wait_until_none(options_.grace);
  }
  open_.shut_down_all();
}

std::optional<base::BitRate> Host::next_rate_limit() {
  if (options_.rate_limits.empty()) {
    return std::nullopt;
  }
  return options_.rate_limits[accepted_.fetch_add(1) % options_.rate_limits.size()];
}

}  // namespace dlab::serve
