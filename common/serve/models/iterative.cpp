// One client after another. Shorter than the other six, and a single client that dawdles holds up
// everybody behind it.

#include "common/serve/drive.hpp"
#include "common/serve/models/models.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {
namespace {

class Iterative : public Model {
 public:
  using Model::Model;

  void run() override {
    Outlet outlet = host_.outlet();
    while (const auto client = reception_.next_client()) {
      serve_blocking(*client, outlet);
    }
  }

 private:
  Reception reception_{host_, host_.listener()};
};

}  // namespace

std::unique_ptr<Model> make_iterative(Host& host) {
  return std::make_unique<Iterative>(host);
}

}  // namespace dlab::serve
