// Processes forked ahead: no fork stands between a client and its answer, and a worker that crashes
// takes one client along and is replaced. All wait on one listener; the kernel wakes one of them.

#include <array>
#include <system_error>

#include "common/base/poll.hpp"
#include "common/serve/child_processes.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {
namespace {

// A worker that dies as soon as it lives must not keep the machine busy with its replacement.
constexpr std::chrono::milliseconds kBetweenReplacements{100};

class Prefork : public Model {
 public:
  Prefork(Host& host, unsigned workers) : Model(host), workers_(workers) {}

  void run() override {
    do {
      children_.reap();
      start_missing();
    } while (wait_for_an_end());
    children_.end_all(host_.options().grace);
  }

 private:
  // Those there are serve, when the system has no process left for all of them.
  void start_missing() {
    try {
      while (children_.count() < workers_) {
        children_.start([this] { work(); });
      }
    } catch (const std::system_error&) {
      if (children_.count() == 0) {
        throw;
      }
    }
  }

  // Or until it is time to look whether there is a process again. False when the listener was
  // stopped, which every worker finds out for itself.
  bool wait_for_an_end() {
    const auto look_again = children_.count() < workers_ ? base::Clock::now() + kBetweenReplacements
                                                         : base::TimePoint::max();
    std::array<pollfd, 2> entries{{{host_.listener().fd(), 0, 0}, {children_.ends(), POLLIN, 0}}};
    base::poll_until(entries, look_again);
    if (entries[0].revents != 0) {
      return false;
    }
    return !base::poll_until(host_.listener().fd(), 0, base::Clock::now() + kBetweenReplacements);
  }

  void work() {
    Reception reception(host_, host_.listener());
    Outlet outlet = host_.outlet();
    while (const auto client = reception.next_client()) {
      ChildProcesses::serves(client->stream.fd());
      serve_blocking(*client, outlet);
      ChildProcesses::serves(-1);
    }
  }

  unsigned workers_;
  ChildProcesses children_;
};

}  // namespace

std::unique_ptr<Model> make_prefork(Host& host, unsigned workers) {
  return std::make_unique<Prefork>(host, workers);
}

}  // namespace dlab::serve
