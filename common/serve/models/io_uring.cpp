// One thread and a ring: instead of asking who is ready and then calling, the loop hands the calls
// themselves to the kernel, many at a time, and takes their results (io_uring(7)). A connection
// that waits for a request holds no buffer. There is no operation like sendfile(2), and splice
// through a pipe is handed to a thread of the kernel, so a big body goes by sendfile(2) as in
// `epoll`; the ring says when the socket can take more.

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

#include "common/base/check.hpp"
#include "common/net/ring.hpp"
#include "common/serve/models/client_table.hpp"
#include "common/serve/models/loops.hpp"
#include "common/serve/models/models.hpp"

namespace dlab::serve {
namespace {

// No client has these.
constexpr std::uint64_t kListenerKey = 0x7FFF'FFFF'FFFF'FFFF;
constexpr std::uint64_t kRefusalsKey = 0x7FFF'FFFF'FFFF'FFFE;

// What a client waits for the end of: one operation at a time.
enum class Operation { none, receive, read, send, writable, pause };

struct Pending {
  Operation operation = Operation::none;
  std::vector<std::byte> out;  // a head and what was read behind it; empty between two answers
};

using Clients = ClientTable<Pending>;
using Client = Clients::Client;
using Key = Clients::Key;

class RingLoop {
 public:
  RingLoop(Host& host, net::TcpListener& listener, Reception& reception)
      : listener_(listener), reception_(reception), outlet_(host.outlet()) {
    ring_.accept(listener_.fd(), kListenerKey);
    ring_.wait_readable(reception_.refusals().fd(), kRefusalsKey);
  }

  // Until the listener is stopped and the last client has gone.
  void run() {
    ring_.start();
    while (!stopped_ || !clients_.empty()) {
      const auto wake =
          std::min({clients_.earliest(), accept_again_, reception_.refusals().wake()});
      ring_.wait(clients_.is_anybody_in_line() ? base::TimePoint{} : wake,
                 [this](const net::Completion& completion) { take(completion); });
      clients_.serve_line([this](Key key, Client& client) { serve(key, client); });
      serve_due(base::Clock::now());
    }
  }

 private:
  void take(const net::Completion& completion) {
    if (completion.key == kListenerKey) {
      take_accepted(completion);
    } else if (completion.key == kRefusalsKey) {
      reception_.refusals().serve();
      ring_.wait_readable(reception_.refusals().fd(), kRefusalsKey);
    } else if (auto* const client = clients_.find(completion.key)) {
      serve(completion.key, *client, [&] { return complete(completion, *client); });
    }
  }

  void take_accepted(const net::Completion& completion) {
    if (completion.result >= 0) {
      admit(base::FileDescriptor(completion.result));
    }
    if (completion.more) {
      return;
    }
    if (completion.result == -EINVAL) {  // shut down by stop()
      stopped_ = true;
    } else {  // out of descriptors, most likely
      const bool at_once = completion.result >= 0 || reception_.make_room();
      accept_again_ =
          base::Clock::now() + (at_once ? std::chrono::milliseconds(0) : kOutOfDescriptorsPause);
    }
  }

  void admit(base::FileDescriptor socket) {
    std::string peer;
    try {
      peer = net::peer_address(socket.get()).text();
    } catch (const std::system_error&) {
      return;  // it was reset before anybody looked
    }
    auto connection = reception_.admit({std::move(socket), std::move(peer)});
    if (!connection) {
      return;
    }
    const auto key = clients_.add(std::move(connection));
    serve(key, *clients_.find(key));
  }

  void serve_due(base::TimePoint now) {
    if (now >= accept_again_) {
      accept_again_ = base::TimePoint::max();
      ring_.accept(listener_.fd(), kListenerKey);
    }
    reception_.refusals().serve();
    while (const auto key = clients_.pop_due(now)) {
      if (auto& client = *clients_.find(*key); client.extra.operation != Operation::none) {
        ring_.cancel(*key);  // its completion finds that it is late
      } else {
        serve(*key, client);
      }
    }
  }

  void serve(Key key, Client& client) {
    serve(key, client, [] { return true; });
  }

  // `first`: what is to be done before its steps go on; false: they do not yet.
  template <typename First>
  void serve(Key key, Client& client, First first) {
    try {
      if (first()) {
        while (take_step(key, client)) {
        }
      }
      return;
    } catch (const FileTruncated&) {
      client.connection->session.file_ended();
    } catch (const std::exception&) {
      client.connection->session.broken_off();
    }
    clients_.remove(key);
  }

  // False when an operation is under way, it is over, or another's turn.
  bool take_step(Key key, Client& client) {
    const auto now = base::Clock::now();
    auto& connection = client.connection;
    const Step step = connection->session.next(now);
    const int socket = connection->stream.fd();
    switch (step.kind) {
      case Step::Kind::receive:
        ring_.receive(socket, key);
        return wait_for(Operation::receive, key, client, step.until);
      case Step::Kind::send:
        return send(key, client, step);
      case Step::Kind::wait:
        ring_.wait_broken(socket, key);
        return wait_for(Operation::pause, key, client, step.until);
      case Step::Kind::end_sending:
        connection->stream.shut_down_sending();
        return true;
      default:
        clients_.remove(key);
        return false;
    }
  }

  bool wait_for(Operation operation, Key key, Client& client, base::TimePoint until) {
    client.extra.operation = operation;
    clients_.set_deadline(key, until);
    return false;
  }

  bool send(Key key, Client& client, const Step& step) {
    const int socket = client.connection->stream.fd();
    if (step.range.empty()) {
      ring_.send(socket, step.head, key);
      return wait_for(Operation::send, key, client, step.until);
    }
    if (step.range.size() > kSmallBody) {
      return send_file(key, client, step);
    }
    auto& out = client.extra.out;
    out.resize(step.head.size() + static_cast<std::size_t>(step.range.size()));
    std::memcpy(out.data(), step.head.data(), step.head.size());
    ring_.read(step.file, step.range.begin, std::span(out).subspan(step.head.size()), key);
    return wait_for(Operation::read, key, client, step.until);
  }

  bool send_file(Key key, Client& client, const Step& step) {
    const auto turn = step.range.front(kTurn);
    const auto count = outlet_.send(client.connection->stream, step.head, step.file, turn);
    if (!count) {
      ring_.wait_writable(client.connection->stream.fd(), key);
      return wait_for(Operation::writable, key, client, step.until);
    }
    client.connection->session.sent(*count, base::Clock::now());
    if (turn == step.range) {
      return true;
    }
    clients_.line_up(key);
    return false;
  }

  // What came of the operation; false when a next one belongs to the same step.
  bool complete(const net::Completion& completion, Client& client) {
    auto& session = client.connection->session;
    const auto now = base::Clock::now();
    const auto operation = std::exchange(client.extra.operation, Operation::none);
    if (completion.result == -ECANCELED) {
      if (operation != Operation::pause) {
        session.timed_out(now);
      }
      return true;
    }
    if (operation == Operation::pause) {
      base::throw_system_error(ECONNRESET, "serve", client.connection->stream.peer());
    }
    if (completion.result == -ENOBUFS || completion.result == -EINTR) {
      return true;  // the same step once more
    }
    if (completion.result < 0) {
      base::throw_system_error(-completion.result, "serve", client.connection->stream.peer());
    }
    if (operation == Operation::receive) {
      session.received(completion.received, now);
    } else if (operation == Operation::read) {
      return send_what_was_read(completion, client);
    } else if (operation == Operation::send) {
      session.sent(static_cast<std::size_t>(completion.result), now);
      client.extra.out = {};
    }
    return true;
  }

  bool send_what_was_read(const net::Completion& completion, Client& client) {
    if (completion.result == 0) {
      throw FileTruncated();
    }
    auto& out = client.extra.out;
    ring_.send(client.connection->stream.fd(), out, completion.key);
    client.extra.operation = Operation::send;
    return false;
  }

  net::TcpListener& listener_;
  Reception& reception_;
  Outlet outlet_;
  Clients clients_;
  base::TimePoint accept_again_ = base::TimePoint::max();
  bool stopped_ = false;
  net::Ring ring_;  // last: it must end before what its operations use
};

}  // namespace

std::unique_ptr<Model> make_io_uring(Host& host, unsigned workers) {
  return net::Ring::is_available() ? std::make_unique<Loops<RingLoop>>(host, workers) : nullptr;
}

}  // namespace dlab::serve
