#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <list>
#include <thread>

namespace dlab::serve {

// The threads of a server that gives every connection one: joined soon after they end, and all of
// them before this object goes. Used by the accepting thread alone.
class ConnectionThreads {
 public:
  // Runs `body`, which must not throw, on a new thread. Throws std::system_error when there is
  // none to be had.
  void start(std::function<void()> body);
  // How many run now.
  [[nodiscard]] std::size_t count();
  // Waits for every thread.
  void join_all() { workers_.clear(); }

 private:
  void join_ended();

  struct Worker {
    std::atomic<bool> ended = false;
    std::jthread thread;
  };
  std::list<Worker> workers_;
};

}  // namespace dlab::serve
