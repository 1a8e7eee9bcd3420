// A fixed number of threads takes connections from a bounded queue: a burst costs waiting instead
// of memory. When the queue is full nobody is accepted, and the kernel's queue fills up next.

#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "common/base/bounded_buffer.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {
namespace {

class Pool : public Model {
 public:
  Pool(Host& host, unsigned workers) : Model(host), workers_(workers), queue_(workers) {}

  void run() override {
    const auto threads = start_workers();
    while (auto client = reception_.next_client()) {
      queue_.push(std::move(client));
    }
    queue_.close();
  }

 private:
  // Fewer when the system has no more threads for us.
  std::vector<std::jthread> start_workers() {
    std::vector<std::jthread> threads;
    try {
      while (threads.size() < workers_) {
        threads.emplace_back([this] { work(); });
      }
    } catch (const std::system_error&) {
      if (threads.empty()) {
        throw;
      }
    }
    return threads;
  }

  void work() {
    Outlet outlet = host_.outlet();
    while (const auto client = queue_.pop()) {
      serve_blocking(**client, outlet);
    }
  }

  unsigned workers_;
  Reception reception_{host_, host_.listener()};
  base::BoundedBuffer<std::unique_ptr<Connection>> queue_;
};

}  // namespace

std::unique_ptr<Model> make_pool(Host& host, unsigned workers) {
  return std::make_unique<Pool>(host, workers);
}

}  // namespace dlab::serve
