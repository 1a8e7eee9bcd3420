#include "bench/load/poller.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/base/check.hpp"

namespace dlab::load {
namespace {

// Few, because requests that fall due meanwhile have to wait for them.
constexpr std::size_t kEventsAtOnce = 16;

void control(int epoll, int operation, int fd, std::uint32_t events, void* watched) {
  epoll_event event{};
  event.events = events;
  event.data.ptr = watched;
  base::check(::epoll_ctl(epoll, operation, fd, &event), "epoll_ctl", "socket");
}

}  // namespace

Poller::Poller()
    : epoll_(base::check(::epoll_create1(EPOLL_CLOEXEC), "epoll_create1", "")),
      wake_(base::check(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd", "")) {
  // A wait ends when it was told to, not up to 50 us later (prctl(2)).
  base::check(::prctl(PR_SET_TIMERSLACK, 1UL), "set timer slack of", "this thread");
  watch(wake_.get(), EPOLLIN, nullptr);
}

void Poller::watch(int fd, std::uint32_t events, void* watched) {
  control(epoll_.get(), EPOLL_CTL_ADD, fd, events, watched);
}

void Poller::change(int fd, std::uint32_t events, void* watched) {
  control(epoll_.get(), EPOLL_CTL_MOD, fd, events, watched);
}

void Poller::wait(base::TimePoint until, const std::function<void(void*, std::uint32_t)>& take) {
  const auto left = std::max<base::Duration>(until - base::Clock::now(), base::Duration::zero());
  const timespec time = base::to_timespec(left);
  std::array<epoll_event, kEventsAtOnce> events;
  const int count = base::retry_interrupted(
      [&] { return ::epoll_pwait2(epoll_.get(), events.data(), events.size(), &time, nullptr); });
  base::check(count, "epoll_pwait2", "");
  for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
    if (events[i].data.ptr == nullptr) {
      interrupted_ = true;
    } else {
      take(events[i].data.ptr, events[i].events);
    }
  }
}

void Poller::interrupt() noexcept {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

}  // namespace dlab::load
