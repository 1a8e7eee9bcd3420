#include "common/net/poller.hpp"

#include <algorithm>

#include "common/base/check.hpp"

namespace dlab::net {

Poller::Poller() : epoll_(base::check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1", "")) {}

void Poller::add(int fd, std::uint32_t events, std::uint64_t key) {
  epoll_event event{.events = events, .data = {.u64 = key}};
  base::check(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event), "watch", "socket");
}

void Poller::change(int fd, std::uint32_t events, std::uint64_t key) {
  epoll_event event{.events = events, .data = {.u64 = key}};
  base::check(::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event), "watch otherwise", "socket");
}

void Poller::remove(int fd) {
  base::check(::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr), "no longer watch", "socket");
}

std::span<const epoll_event> Poller::wait(base::TimePoint until, std::size_t most) {
  constexpr std::chrono::hours kLong{1};  // the kernel adds the time to its clock
  const base::Duration left = until - base::Clock::now();
  const timespec time =
      base::to_timespec(std::clamp<base::Duration>(left, base::Duration::zero(), kLong));
  const int count =
      ::epoll_pwait2(epoll_.get(), events_.data(), static_cast<int>(most), &time, nullptr);
  if (count < 0 && errno == EINTR) {
    return {};
  }
  return std::span(events_).first(static_cast<std::size_t>(base::check(count, "epoll_wait", "")));
}

}  // namespace dlab::net
