#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <queue>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"
#include "common/serve/host.hpp"

namespace dlab::serve {

// What a loop sends one client before it is the next one's turn. Reading a file is no wait that a
// loop can be told the end of: from a disk of 100 MB/s a turn holds everybody up for 20 ms. With
// shorter turns ten downloads at once lost a tenth of their rate to the changing of turns.
constexpr std::uint64_t kTurn = std::uint64_t{2} << 20U;

// The clients of an event loop, each under a number that is never used again, when each wants to
// be looked at although nothing happened, and who waits for another turn. Of one thread.
template <typename Extra>
class ClientTable {
 public:
  using Key = std::uint64_t;  // above 0

  struct Client {
    std::unique_ptr<Connection> connection;
    Extra extra{};
    base::TimePoint deadline = base::TimePoint::max();
    base::TimePoint alarm = base::TimePoint::max();  // the only one in alarms_ that counts
    bool in_line = false;
  };

  Key add(std::unique_ptr<Connection> connection) {
    clients_[++last_key_].connection = std::move(connection);
    return last_key_;
  }
  // Null when it has gone.
  Client* find(Key key) {
    const auto found = clients_.find(key);
    return found == clients_.end() ? nullptr : &found->second;
  }
  void remove(Key key) { clients_.erase(key); }
  [[nodiscard]] bool empty() const { return clients_.empty(); }

  // Its turn is over, and it could go on: it is served after the others. Until then it has no
  // deadline, and nothing may be under way for it.
  void line_up(Key key) {
    auto& client = clients_.at(key);
    client.deadline = base::TimePoint::max();
    if (!std::exchange(client.in_line, true)) {
      line_.push_back(key);
    }
  }
  [[nodiscard]] bool is_anybody_in_line() const { return !line_.empty(); }
  // Calls `serve` with each that has lined up before now and has not gone.
  template <typename Serve>
  void serve_line(Serve serve) {
    for (const auto line = std::exchange(line_, {}); const auto key : line) {
      if (auto* const client = find(key)) {
        client->in_line = false;
        serve(key, *client);
      }
    }
  }

  // Most deadlines are put off again and again before they come. An alarm that goes off too early
  // costs less than moving it each time, so only a nearer one is noted.
  void set_deadline(Key key, base::TimePoint deadline) {
    auto& client = clients_.at(key);
    client.deadline = deadline;
    if (deadline < client.alarm) {
      client.alarm = deadline;
      alarms_.emplace(deadline, key);
    }
  }
  // When pop_due() may have something.
  [[nodiscard]] base::TimePoint earliest() const {
    return alarms_.empty() ? base::TimePoint::max() : alarms_.top().first;
  }
  // A client whose deadline is `now` or earlier, once.
  std::optional<Key> pop_due(base::TimePoint now) {
    while (earliest() <= now) {
      const auto [alarm, key] = alarms_.top();
      alarms_.pop();
      auto* const client = find(key);
      if (client == nullptr || client->alarm != alarm) {
        continue;
      }
      client->alarm = base::TimePoint::max();
      if (client->deadline <= now) {
        return key;
      }
      set_deadline(key, client->deadline);
    }
    return std::nullopt;
  }

 private:
  using Alarm = std::pair<base::TimePoint, Key>;

  Key last_key_ = 0;
  std::unordered_map<Key, Client> clients_;
  std::vector<Key> line_;
  std::priority_queue<Alarm, std::vector<Alarm>, std::greater<>> alarms_;
};

}  // namespace dlab::serve
