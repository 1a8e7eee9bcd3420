#pragma once

#include <sys/epoll.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/clock.hpp"
#include "common/base/file_descriptor.hpp"

namespace dlab::net {

// Waits for many descriptors at once (epoll(7)). Of one thread.
class Poller {
 public:
  static constexpr std::size_t kMostAtOnce = 256;

  // Throws std::system_error, as the other methods do.
  Poller();

  // Tells of `events` (EPOLLIN, EPOLLOUT, EPOLLET, ...) on `fd` with `key`, until it is removed or
  // closed.
  void add(int fd, std::uint32_t events, std::uint64_t key);
  // The same for one that was added: of these events from now on, with this key.
  void change(int fd, std::uint32_t events, std::uint64_t key);
  void remove(int fd);

  // What happened, once something has; nothing when it is `until`. Of no more than `most`
  // descriptors (from 1 to kMostAtOnce), the next call tells of the others. Valid until then.
  std::span<const epoll_event> wait(base::TimePoint until, std::size_t most = kMostAtOnce);

  // Readable when wait() has something to tell.
  [[nodiscard]] int fd() const { return epoll_.get(); }

 private:
  base::FileDescriptor epoll_;
  std::array<epoll_event, kMostAtOnce> events_{};
};

}  // namespace dlab::net
