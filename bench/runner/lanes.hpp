#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <future>
#include <mutex>
#include <optional>
#include <span>
#include <thread>
#include <vector>

#include "bench/runner/lane_schedule.hpp"

namespace dlab::bench {

// Makes runs as soon as there is room for them (next_to_start), each on the thread of a lane.
class Lanes {
 public:
  // Makes the run `index` in the lane `lane`, from 0; called by several threads.
  using Make = std::function<void(std::size_t index, std::size_t lane)>;
  // Told which runs are under way, by their indices, whenever that has changed.
  using Tell = std::function<void(std::span<const std::size_t> running)>;

  // Begins at once, in the order of `turns`.
  Lanes(std::vector<ExpectedLoad> turns, const Make& make);
  Lanes(const Lanes&) = delete;
  Lanes& operator=(const Lanes&) = delete;
  // Waits for the runs that have begun, and begins no other.
  ~Lanes();

  // Waits until a run has been made, once for each. What its `make` threw is thrown here.
  void wait_for(std::size_t index, const Tell& tell);

 private:
  void work(std::size_t lane);
  std::optional<std::size_t> begin_next();
  [[nodiscard]] std::vector<ExpectedLoad> loads_of(std::span<const std::size_t> indices) const;

  const std::vector<ExpectedLoad> turns_;
  std::vector<std::packaged_task<void(std::size_t)>> runs_;  // given the lane
  std::vector<std::future<void>> made_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::size_t> waiting_;
  std::vector<std::size_t> running_;
  std::size_t changes_ = 0;  // of running_
  bool stopping_ = false;
  std::vector<std::jthread> threads_;  // last: they end before what they use
};

}  // namespace dlab::bench
