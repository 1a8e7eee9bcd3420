#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstdint>
#include <span>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::net {

// Waits for many descriptors at once (epoll(7)). Of one thread.
class Poller {
 public:
  // Throws std::system_error, as the other methods do.
  Poller();

  // Tells of `events` (EPOLLIN, EPOLLOUT, EPOLLET, ...) on `fd` with `key`, until it is removed or
  // closed.
  void add(int fd, std::uint32_t events, std::uint64_t key);
  void remove(int fd);

  // What happened, once something has; nothing when it is `until`. Valid until the next call.
  std::span<const epoll_event> wait(base::TimePoint until);

 private:
  base::FileDescriptor epoll_;
  std::array<epoll_event, 256> events_{};
};

}  // namespace dlab::net
