// One thread, many sockets that do not block: each client is served as far as its socket goes, and
// the loop asks the kernel who can go on (epoll(7), edge-triggered: it tells of changes, so what is
// known to be ready is kept in mind here). No stack and no switch of context for a client; but
// whatever blocks, blocks everybody.

#include <algorithm>
#include <exception>
#include <system_error>
#include <utility>

#include "common/net/poller.hpp"
#include "common/serve/models/client_table.hpp"
#include "common/serve/models/loops.hpp"
#include "common/serve/models/models.hpp"

namespace dlab::serve {
namespace {

constexpr int kAcceptsInARow = 64;
// No client has these.
constexpr std::uint64_t kListenerKey = 0;
constexpr std::uint64_t kRefusalsKey = 0x7FFF'FFFF'FFFF'FFFF;

struct Readiness {
  bool readable = false;
  bool writable = true;
  bool hung_up = false;  // there is an end to be read
  bool broken = false;   // nothing can be sent either
};

using Clients = ClientTable<Readiness>;
using Client = Clients::Client;
using Key = Clients::Key;

class EpollLoop {
 public:
  EpollLoop(Host& host, net::TcpListener& listener, Reception& reception)
      : listener_(listener), reception_(reception), outlet_(host.outlet()) {
    listener_.set_non_blocking();
    poller_.add(listener_.fd(), EPOLLIN, kListenerKey);
    poller_.add(reception_.refusals().fd(), EPOLLIN, kRefusalsKey);
  }

  // Until the listener is stopped and the last client has gone.
  void run() {
    while (!listener_.is_stopped() || !clients_.empty()) {
      const auto wake =
          std::min({clients_.earliest(), accept_again_, reception_.refusals().wake()});
      for (const auto& event :
           poller_.wait(clients_.is_anybody_in_line() ? base::TimePoint{} : wake)) {
        take_event(event);
      }
      clients_.serve_line([this](Key key, Client& client) { serve(key, client); });
      serve_due(base::Clock::now());
    }
  }

 private:
  void take_event(const epoll_event& event) {
    if (event.data.u64 == kListenerKey) {
      accept_clients();
    } else if (auto* const client = clients_.find(event.data.u64)) {
      auto& ready = client->extra;
      ready.broken |= (event.events & (EPOLLHUP | EPOLLERR)) != 0;
      ready.hung_up |= ready.broken || (event.events & EPOLLRDHUP) != 0;
      ready.readable |= ready.hung_up || (event.events & EPOLLIN) != 0;
      ready.writable |= ready.broken || (event.events & EPOLLOUT) != 0;
      serve(event.data.u64, *client);
    }
  }

  void accept_clients() {
    try {
      for (int i = 0; i < kAcceptsInARow; ++i) {
        auto accepted = listener_.try_accept();
        if (!accepted) {
          break;
        }
        admit(*std::move(accepted));
      }
    } catch (const std::system_error& error) {
      if (!net::is_out_of_descriptors(error)) {
        throw;
      }
      if (!reception_.make_room()) {
        pause_accepting();
      }
      return;  // the listener says again that somebody waits
    }
    if (listener_.is_stopped()) {
      poller_.remove(listener_.fd());
    }
  }

  // A level-triggered listener would wake the loop again and again for a client that it cannot
  // take.
  void pause_accepting() {
    poller_.remove(listener_.fd());
    accept_again_ = base::Clock::now() + kOutOfDescriptorsPause;
  }

  void admit(net::TcpStream accepted) {
    auto connection = reception_.admit(std::move(accepted));
    if (!connection) {
      return;
    }
    const auto key = clients_.add(std::move(connection));
    const int socket = clients_.find(key)->connection->stream.fd();
    try {
      poller_.add(socket, EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, key);
    } catch (...) {
      clients_.remove(key);
      throw;
    }
  }

  void serve_due(base::TimePoint now) {
    if (now >= accept_again_) {
      accept_again_ = base::TimePoint::max();
      poller_.add(listener_.fd(), EPOLLIN, kListenerKey);
    }
    reception_.refusals().serve();
    while (const auto key = clients_.pop_due(now)) {
      serve(*key, *clients_.find(*key));
    }
  }

  void serve(Key key, Client& client) {
    try {
      while (take_step(key, client)) {
      }
      return;
    } catch (const FileTruncated&) {
      client.connection->session.file_ended();
    } catch (const std::exception&) {
      client.connection->session.broken_off();
    }
    clients_.remove(key);
  }

  // False when it is over, or another's turn.
  bool take_step(Key key, Client& client) {
    const auto now = base::Clock::now();
    const Step step = client.connection->session.next(now);
    switch (step.kind) {
      case Step::Kind::receive:
        return client.extra.readable ? receive(client) : wait(key, client, step.until, now);
      case Step::Kind::send:
        return client.extra.writable ? send(key, client, step) : wait(key, client, step.until, now);
      case Step::Kind::wait:
        if (client.extra.broken) {
          clients_.remove(key);
        } else {
          clients_.set_deadline(key, step.until);
        }
        return false;
      case Step::Kind::end_sending:
        client.connection->stream.shut_down_sending();
        return true;
      default:
        clients_.remove(key);
        return false;
    }
  }

  bool wait(Key key, Client& client, base::TimePoint until, base::TimePoint now) {
    if (now >= until) {
      client.connection->session.timed_out(now);
      return true;
    }
    clients_.set_deadline(key, until);
    return false;
  }

  bool receive(Client& client) {
    const auto count = client.connection->stream.try_receive(buffer_);
    // Less than there was room for: all that had come. What comes now is told as a new event.
    client.extra.readable = count && (*count == buffer_.size() || client.extra.hung_up);
    if (count) {
      client.connection->session.received(std::span(buffer_).first(*count), base::Clock::now());
    }
    return true;
  }

  bool send(Key key, Client& client, const Step& step) {
    const auto turn = step.range.front(kTurn);
    const auto count = outlet_.send(client.connection->stream, step.head, step.file, turn);
    if (!count) {
      client.extra.writable = false;
      return true;
    }
    client.connection->session.sent(*count, base::Clock::now());
    if (turn == step.range) {
      return true;
    }
    clients_.line_up(key);
    return false;
  }

  net::TcpListener& listener_;
  Reception& reception_;
  net::Poller poller_;
  Clients clients_;
  base::TimePoint accept_again_ = base::TimePoint::max();
  Outlet outlet_;  // one buffer each way, whatever the number of clients
  std::array<std::byte, std::size_t{16} << 10U> buffer_;
};

}  // namespace

std::unique_ptr<Model> make_epoll(Host& host, unsigned workers) {
  return std::make_unique<Loops<EpollLoop>>(host, workers);
}

}  // namespace dlab::serve
