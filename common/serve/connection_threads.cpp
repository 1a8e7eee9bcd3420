#include "common/serve/connection_threads.hpp"

#include <utility>

namespace dlab::serve {

void ConnectionThreads::join_ended() {
  workers_.remove_if([](const Worker& worker) { return worker.ended.load(); });
}

std::size_t ConnectionThreads::count() {
  join_ended();
  return workers_.size();
}

void ConnectionThreads::start(std::function<void()> body) {
  join_ended();
  Worker& worker = workers_.emplace_back();
  try {
    worker.thread = std::jthread([&worker, body = std::move(body)] {
      body();
      worker.ended = true;
    });
  } catch (...) {
    workers_.pop_back();
    throw;
  }
}

}  // namespace dlab::serve
