#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <system_error>
#include <thread>
#include <vector>

#include "common/serve/model.hpp"
#include "common/serve/reception.hpp"

namespace dlab::serve {

// How long a loop that found no descriptor for a client accepts nobody.
constexpr std::chrono::milliseconds kOutOfDescriptorsPause{100};

// Event loops, one a thread, each with a listener of its own: the kernel spreads the clients over
// them (SO_REUSEPORT, socket(7)), and they share no lock. `Loop(host, listener, reception).run()`
// serves until the listener is stopped and its last client has gone.
template <typename Loop>
class Loops : public Model {
 public:
  // `workers`: how many, at least 1.
  Loops(Host& host, unsigned workers) : Model(host) {
    host.listen_more(workers - 1);
    for (auto& listener : host.listeners()) {
      receptions_.emplace_back(host, listener);
    }
  }

  void run() override {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < host_.listeners().size(); ++i) {
        others.emplace_back([this, i] { run_loop(i); });
      }
    } catch (const std::system_error&) {
      host_.stop();  // clients of a listener without a loop would wait for ever
      throw;
    }
    run_loop(0);
  }

 private:
  void run_loop(std::size_t i) {
    Loop(host_, host_.listeners()[i], receptions_[i]).run();
    receptions_[i].refusals().end_all();
  }

  std::deque<Reception> receptions_;
};

}  // namespace dlab::serve
