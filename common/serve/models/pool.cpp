// A fixed number of threads takes connections from a bounded queue: a burst costs waiting instead
// of memory. When the queue is full nobody is accepted, and the kernel's queue fills up next.

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/bounded_buffer.hpp"
#include "common/serve/connection_threads.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"

namespace dlab::serve {
namespace {

class Pool : public Model {
 public:
  Pool(Host& host, unsigned workers) : Model(host), workers_(workers), queue_(workers) {}

  void run() override {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < workers_; ++i) {
      threads.emplace_back([this] { work(); });
    }
    while (auto client = host_.next_client()) {
      if (client->session.is_refused()) {
        refuse(std::move(client));
      } else {
        queue_.push(std::move(client));
      }
    }
    queue_.close();
    refusals_.join_all();
  }

 private:
  // In the queue those who may wait would wait behind one that has nothing to wait for.
  void refuse(const std::shared_ptr<Connection>& client) {
    const auto tell = [this, client] {
      Outlet outlet = host_.outlet();
      serve_blocking(*client, outlet);
    };
    if (refusals_.count() >= kRefusalsAtOnce) {
      tell();
      return;
    }
    try {
      refusals_.start(tell);
    } catch (const std::system_error&) {
      tell();
    }
  }

  void work() {
    Outlet outlet = host_.outlet();
    while (const auto client = queue_.pop()) {
      serve_blocking(**client, outlet);
    }
  }

  unsigned workers_;
  base::BoundedBuffer<std::unique_ptr<Connection>> queue_;
  ConnectionThreads refusals_;
};

}  // namespace

std::unique_ptr<Model> make_pool(Host& host, unsigned workers) {
  return std::make_unique<Pool>(host, workers);
}

}  // namespace dlab::serve
