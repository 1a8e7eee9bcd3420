// A thread for each connection: reads like `iterative`, and the kernel does the scheduling. The
// price is a stack, and two switches of context for a request.

#include <system_error>
#include <utility>

#include "common/serve/connection_threads.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {
namespace {

class Threads : public Model {
 public:
  using Model::Model;

  void run() override {
    while (std::shared_ptr<Connection> client = reception_.next_client()) {
      try {
        threads_.start([this, client] { serve(*client); });
      } catch (const std::system_error&) {
        reception_.refuse(client, "no thread left for another connection");
      }
    }
    threads_.join_all();
  }

 private:
  void serve(Connection& client) {
    Outlet outlet = host_.outlet();
    serve_blocking(client, outlet);
  }

  Reception reception_{host_, host_.listener()};
  ConnectionThreads threads_;
};

}  // namespace

std::unique_ptr<Model> make_threads(Host& host) {
  return std::make_unique<Threads>(host);
}

}  // namespace dlab::serve
