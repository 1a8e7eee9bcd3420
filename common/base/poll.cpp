#include "common/base/poll.hpp"

#include <algorithm>

#include "common/base/check.hpp"

namespace dlab::base {

std::size_t poll_until(std::span<pollfd> entries, TimePoint until) {
  const int ready = retry_interrupted([&] {
    const timespec left = to_timespec(std::max<Duration>(until - Clock::now(), Duration::zero()));
    return ::ppoll(entries.data(), entries.size(), until == TimePoint::max() ? nullptr : &left,
                   nullptr);
  });
  return static_cast<std::size_t>(check(ready, "poll", ""));
}

bool poll_until(int fd, short events, TimePoint until) {
  pollfd entry{.fd = fd, .events = events, .revents = 0};
  return poll_until(std::span(&entry, 1), until) > 0;
}

}  // namespace dlab::base
