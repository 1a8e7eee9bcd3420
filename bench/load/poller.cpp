#include "bench/load/poller.hpp"

#include <sys/prctl.h>

#include <bit>

#include "common/base/check.hpp"

namespace dlab::load {
namespace {

// Few, because requests that fall due meanwhile have to wait for them.
constexpr std::size_t kEventsAtOnce = 16;

std::uint64_t key_of(void* watched) {
  return std::bit_cast<std::uint64_t>(watched);
}

}  // namespace

Poller::Poller() {
  // A wait ends when it was told to, not up to 50 us later (prctl(2)).
  base::check(::prctl(PR_SET_TIMERSLACK, 1UL), "set timer slack of", "this thread");
  watch(wakeup_.fd(), EPOLLIN, nullptr);
}

void Poller::watch(int fd, std::uint32_t events, void* watched) {
  poller_.add(fd, events, key_of(watched));
}

void Poller::change(int fd, std::uint32_t events, void* watched) {
  poller_.change(fd, events, key_of(watched));
}

void Poller::wait(base::TimePoint until, const std::function<void(void*, std::uint32_t)>& take) {
  for (const auto& event : poller_.wait(until, kEventsAtOnce)) {
    if (auto* const watched = std::bit_cast<void*>(event.data.u64)) {
      take(watched, event.events);
    } else {
      interrupted_ = true;
    }
  }
}

void Poller::interrupt() noexcept {
  wakeup_.call();
}

}  // namespace dlab::load
