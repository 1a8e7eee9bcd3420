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
// serves until the listener is stopped and its last client has gone, from whichever thread calls
// it.
template <typename Loop>
class Loops : public Model {
 public:
  // `workers`: how many, at least 1. A loop holds a descriptor of its own (epoll, a ring): it is
  // made here and not in run(), before which a server says that it can be reached. Throws
  // std::system_error.
  Loops(Host& host, unsigned workers) : Model(host) {
    host.listen_more(workers - 1);
    for (auto& listener : host.listeners()) {
      auto& reception = receptions_.emplace_back(host, listener);
      loops_.emplace_back(host, listener, reception);
    }
  }

  void run() override {
    std::vector<std::jthread> others;
    try {
      for (std::size_t i = 1; i < loops_.size(); ++i) {
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
    loops_[i].run();
    receptions_[i].refusals().end_all();
  }

  std::deque<Reception> receptions_;
  std::deque<Loop> loops_;  // they are never moved
};

}  // namespace dlab::serve
