#pragma once

#include <pthread.h>
#include <signal.h>

#include <thread>

namespace dlab::test {

// While this lives, the thread that made it gets signals one after the other: every call of its
// that waits ends early (signal(7)).
class Interruptions {
 public:
  Interruptions() = default;
  Interruptions(const Interruptions&) = delete;
  Interruptions& operator=(const Interruptions&) = delete;
  ~Interruptions() {
    sender_.request_stop();
    sender_.join();
    ::sigaction(SIGUSR1, &before_, nullptr);
  }

 private:
  static struct sigaction start_to_hear() {
    struct sigaction heard {};
    struct sigaction before {};
    heard.sa_handler = [](int) {
    };  // no SA_RESTART
    ::sigaction(SIGUSR1, &heard, &before);
    return before;
  }

  struct sigaction before_ = start_to_hear();
  std::jthread sender_{[target = ::pthread_self()](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      ::pthread_kill(target, SIGUSR1);
      std::this_thread::yield();
    }
  }};
};

}  // namespace dlab::test
