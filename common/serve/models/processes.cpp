// A process for each connection: what one does wrong, or how it dies, is no other's trouble. They
// share nothing, so each also computes the digests that it is asked for.

#include <poll.h>

#include <array>
#include <system_error>
#include <utility>

#include "common/base/check.hpp"
#include "common/serve/child_processes.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"

namespace dlab::serve {
namespace {

class Processes : public Model {
 public:
  using Model::Model;

  void run() override {
    while (wait_for_client()) {
      auto accepted = net::accept_when_possible(host_.listener(), host_.open());
      if (!accepted) {
        break;
      }
      serve(host_.welcome(*std::move(accepted), children_.count()));
    }
    children_.end_all(host_.options().grace);
    refusers_.end_all(base::Duration::zero());
  }

 private:
  // False when the listener was stopped.
  bool wait_for_client() {
    for (;;) {
      std::array<pollfd, 2> entries{
          {{host_.listener().fd(), POLLIN, 0}, {children_.ends(), POLLIN, 0}}};
      base::retry_interrupted([&] { return ::poll(entries.data(), entries.size(), -1); });
      if (entries[1].revents != 0) {
        children_.reap();
        refusers_.forget_ended();
      }
      if (entries[0].revents != 0) {
        return (entries[0].revents & POLLHUP) == 0;
      }
    }
  }

  // The parent's descriptor closes when it returns; the child has one of its own.
  void serve(std::unique_ptr<Connection> client) {
    const bool refused = client->session.is_refused();
    if (!refused || refusers_.count() < kRefusalsAtOnce) {
      try {
        (refused ? refusers_ : children_).start([&] { serve_as_child(*client); });
        return;
      } catch (const std::system_error&) {
        client->refuse("no process left for another connection");
      }
    }
    Outlet outlet = host_.outlet();
    serve_blocking(*client, outlet);
  }

  void serve_as_child(Connection& client) {
    host_.listener().abandon();
    ChildProcesses::serves(client.stream.fd());
    Outlet outlet = host_.outlet();
    serve_blocking(client, outlet);
  }

  ChildProcesses children_;
  ChildProcesses refusers_;  // tell those that are too many: not counted as serving
};

}  // namespace

std::unique_ptr<Model> make_processes(Host& host) {
  return std::make_unique<Processes>(host);
}

}  // namespace dlab::serve
