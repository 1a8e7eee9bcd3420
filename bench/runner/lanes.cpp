#include "bench/runner/lanes.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <numeric>
#include <utility>

namespace dlab::bench {

using namespace std::chrono_literals;

Lanes::Lanes(std::vector<ExpectedLoad> turns, const Make& make)
    : turns_(std::move(turns)), waiting_(turns_.size()) {
  std::iota(waiting_.begin(), waiting_.end(), 0);
  for (std::size_t index = 0; index < turns_.size(); ++index) {
    runs_.emplace_back([make, index](std::size_t lane) { make(index, lane); });
    made_.push_back(runs_.back().get_future());
  }
  for (std::size_t lane = 0; lane < std::min(kLanes, turns_.size()); ++lane) {
    threads_.emplace_back([this, lane] { work(lane); });
  }
}

Lanes::~Lanes() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  changed_.notify_all();
}

void Lanes::wait_for(std::size_t index, const Tell& tell) {
  std::future<void>& made = made_.at(index);
  const auto is_made = [&] {
    return made.wait_for(0s) == std::future_status::ready;
  };
  std::unique_lock lock(mutex_);
  std::size_t told = 0;
  while (!is_made()) {
    if (told != changes_) {
      told = changes_;
      tell(running_);
    }
    changed_.wait(lock, [&] { return told != changes_ || is_made(); });
  }
  made.get();
}

void Lanes::work(std::size_t lane) {
  std::unique_lock lock(mutex_);
  for (;;) {
    std::optional<std::size_t> next;
    changed_.wait(lock, [&] {
      next = stopping_ ? std::nullopt : begin_next();
      return next || stopping_ || waiting_.empty();
    });
    if (!next) {
      return;
    }
    changed_.notify_all();
    lock.unlock();
    runs_[*next](lane);
    lock.lock();
    std::erase(running_, *next);
    ++changes_;
    changed_.notify_all();
  }
}

// Takes the next run for which there is room from those that wait.
std::optional<std::size_t> Lanes::begin_next() {
  const auto place = next_to_start(loads_of(waiting_), loads_of(running_));
  if (!place) {
    return std::nullopt;
  }
  const auto next = waiting_.begin() + static_cast<std::ptrdiff_t>(*place);
  const std::size_t index = *next;
  waiting_.erase(next);
  running_.push_back(index);
  ++changes_;
  return index;
}

std::vector<ExpectedLoad> Lanes::loads_of(std::span<const std::size_t> indices) const {
  std::vector<ExpectedLoad> loads;
  std::ranges::transform(indices, std::back_inserter(loads),
                         [&](std::size_t index) { return turns_[index]; });
  return loads;
}

}  // namespace dlab::bench
