#pragma once

#include <chrono>
#include <thread>
#include <vector>

#include "common/serve/model.hpp"

namespace dlab::serve {

// How long a loop that found no descriptor for a client accepts nobody.
constexpr std::chrono::milliseconds kOutOfDescriptorsPause{100};

// Event loops, one a thread, each with a listener of its own: the kernel spreads the clients over
// them (SO_REUSEPORT, socket(7)), and they share no lock. `Loop(host, listener).run()` serves until
// the listener is stopped and its last client has gone.
template <typename Loop>
class Loops : public Model {
 public:
  // `workers`: how many, at least 1.
  Loops(Host& host, unsigned workers) : Model(host) { host.listen_more(workers - 1); }

  void run() override {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < host_.listeners().size(); ++i) {
      others.emplace_back([this, i] { Loop(host_, host_.listeners()[i]).run(); });
    }
    Loop(host_, host_.listener()).run();
  }
};

}  // namespace dlab::serve
