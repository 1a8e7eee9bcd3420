// A process for each connection: what one does wrong, or how it dies, is no other's trouble. They
// share nothing, so each also computes the digests that it is asked for.

#include <memory>
#include <system_error>
#include <utility>

#include "common/serve/child_processes.hpp"
#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {
namespace {

class Processes : public Model {
 public:
  using Model::Model;

  void run() override {
    while (auto client = reception_.next_client()) {
      serve(std::move(client));
    }
    children_.end_all(host_.options().grace);
  }

 private:
  // The parent's descriptor closes when it returns; the child has one of its own.
  void serve(std::shared_ptr<Connection> client) {
    try {
      children_.start([&] { serve_as_child(*client); });
    } catch (const std::system_error&) {
      reception_.refuse(std::move(client), "no process left for another connection");
    }
  }

  void serve_as_child(Connection& client) {
    reception_.abandon();
    ChildProcesses::serves(client.stream.fd());
    Outlet outlet = host_.outlet();
    serve_blocking(client, outlet);
  }

  ChildProcesses children_;
  Reception reception_{host_, host_.listener(), &children_};
};

}  // namespace

std::unique_ptr<Model> make_processes(Host& host) {
  return std::make_unique<Processes>(host);
}

}  // namespace dlab::serve
