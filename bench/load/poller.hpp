#pragma once

#include <cstdint>
#include <functional>

#include "common/base/clock.hpp"
#include "common/base/wakeup.hpp"
#include "common/net/poller.hpp"

namespace dlab::load {

// Waits for the generator's connections: a net::Poller whose waits end when they are told to, which
// tells of a few connections at a time, and which another thread can interrupt.
class Poller {
 public:
  Poller();

  // `watched` comes back from wait() with the events of `fd` (level-triggered), which is closed to
  // stop watching.
  void watch(int fd, std::uint32_t events, void* watched);
  void change(int fd, std::uint32_t events, void* watched);

  // Waits until something happens or `until`, and calls `take` for each descriptor; nothing of what
  // was watched may be destroyed meanwhile. Throws std::system_error.
  void wait(base::TimePoint until, const std::function<void(void*, std::uint32_t)>& take);

  // Ends a wait from another thread, now or when it begins; told by interrupted() for good.
  void interrupt() noexcept;
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  net::Poller poller_;
  base::Wakeup wakeup_;
  bool interrupted_ = false;
};

}  // namespace dlab::load
