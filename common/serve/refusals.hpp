#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>

#include "common/base/clock.hpp"
#include "common/net/poller.hpp"
#include "common/serve/host.hpp"

namespace dlab::serve {

// The clients that are one too many, until each has been told so: all at the same time, so that
// none waits for what another does not say. Of one thread.
class Refusals {
 public:
  // Takes over a client that was refused. Of more than kMostAtOnce the first is told at once and
  // let go.
  void add(std::shared_ptr<Connection> client);

  // Readable when serve() has something to do; at wake() it has, too.
  [[nodiscard]] int fd() const { return poller_.fd(); }
  [[nodiscard]] base::TimePoint wake() const;
  // Goes on with each as far as its socket goes.
  void serve();

  // Tells the first at once and lets it go, and its descriptor; false when there is none.
  bool end_first();
  void end_all();
  [[nodiscard]] bool empty() const { return clients_.empty(); }
  // In a process that was forked: closes its own descriptors. The clients are the parent's.
  void abandon() noexcept;

 private:
  static constexpr std::size_t kMostAtOnce = 64;
  using Key = std::uint64_t;

  struct Client {
    std::shared_ptr<Connection> connection;
    base::TimePoint until{};  // looked at again then, whatever happens
  };
  void serve(Key key);
  void end(Key key);

  Key last_key_ = 0;
  std::map<Key, Client> clients_;  // in the order in which they came
  net::Poller poller_;
};

}  // namespace dlab::serve
