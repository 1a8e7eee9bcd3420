#include "common/serve/refusals.hpp"

#include <algorithm>
#include <array>
#include <exception>
#include <system_error>
#include <utility>
#include <vector>

namespace dlab::serve {
namespace {

using base::Clock;

constexpr int kStepsInARow = 16;  // with one client that goes on sending

// Takes one client's steps on its socket, which does not block. The answer that refuses has no
// file.
class Refusal {
 public:
  explicit Refusal(Connection& client) : client_(client) {}

  // Until one has to wait, which is returned; one to close when all is said.
  Step take_steps() {
    for (int i = 0; i < kStepsInARow; ++i) {
      const Step step = client_.session.next(Clock::now());
      if (!take(step)) {
        return step;
      }
    }
    return {.kind = Step::Kind::wait, .until = Clock::now()};
  }

 private:
  bool take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::receive:
        return receive() || is_late(step);
      case Step::Kind::send:
        return send(step) || is_late(step);
      case Step::Kind::end_sending:
        client_.stream.shut_down_sending();
        return true;
      default:
        return false;
    }
  }

  bool receive() {
    std::array<std::byte, 4096> buffer;
    const auto count = client_.stream.try_receive(buffer);
    if (count) {
      client_.session.received(std::span(buffer).first(*count), Clock::now());
    }
    return count.has_value();
  }

  bool send(const Step& step) {
    const auto count = client_.stream.try_send(step.head);
    if (count) {
      client_.session.sent(*count, Clock::now());
    }
    return count.has_value();
  }

  bool is_late(const Step& step) {
    const auto now = Clock::now();
    if (now < step.until) {
      return false;
    }
    client_.session.timed_out(now);
    return true;
  }

  Connection& client_;
};

// As take_steps(); a client that vanished has nothing more to be told.
Step go_on(Connection& client) {
  try {
    return Refusal(client).take_steps();
  } catch (const std::exception&) {
    client.session.broken_off();
    return {};
  }
}

}  // namespace

void Refusals::add(std::shared_ptr<Connection> client) {
  if (clients_.size() == kMostAtOnce) {
    end_first();
  }
  try {
    client->stream.set_non_blocking();
    poller_.add(client->stream.fd(), EPOLLIN, ++last_key_);
  } catch (const std::system_error&) {
    return;  // closing it says the same
  }
  clients_[last_key_].connection = std::move(client);
  serve(last_key_);
}

base::TimePoint Refusals::wake() const {
  auto earliest = base::TimePoint::max();
  for (const auto& [key, client] : clients_) {
    earliest = std::min(earliest, client.until);
  }
  return earliest;
}

void Refusals::serve() {
  if (clients_.empty()) {
    return;
  }
  for (const auto& event : poller_.wait(base::TimePoint{})) {
    serve(event.data.u64);
  }
  std::vector<Key> due;
  for (const auto& [key, client] : clients_) {
    if (client.until <= Clock::now()) {
      due.push_back(key);
    }
  }
  std::ranges::for_each(due, [this](Key key) { serve(key); });
}

void Refusals::serve(Key key) {
  auto& [connection, until] = clients_.at(key);
  const Step step = go_on(*connection);
  if (step.kind == Step::Kind::close) {
    end(key);
    return;
  }
  until = step.until;
  const std::uint32_t sending = step.kind == Step::Kind::send ? EPOLLOUT : 0U;
  const std::uint32_t receiving = step.kind == Step::Kind::receive ? EPOLLIN : 0U;
  poller_.change(connection->stream.fd(), sending | receiving, key);
}

// A process that was just forked may have the socket, too: closing ours does not end the watching.
void Refusals::end(Key key) {
  poller_.remove(clients_.at(key).connection->stream.fd());
  clients_.erase(key);
}

bool Refusals::end_first() {
  if (clients_.empty()) {
    return false;
  }
  const auto& [key, client] = *clients_.begin();
  client.connection->session.timed_out(Clock::now());
  go_on(*client.connection);
  end(key);
  return true;
}

void Refusals::end_all() {
  while (!clients_.empty()) {
    end(clients_.begin()->first);
  }
}

void Refusals::abandon() noexcept {
  for (auto& [key, client] : clients_) {
    client.connection->stream.abandon();
  }
}

}  // namespace dlab::serve
