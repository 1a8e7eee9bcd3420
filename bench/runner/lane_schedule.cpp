#include "bench/runner/lane_schedule.hpp"

#include <algorithm>

namespace dlab::bench {
namespace {

bool is_alone(const ExpectedLoad& run) {
  return run.bits_per_second > kSharedBitsPerSecond / 2;
}

double carried_by(std::span<const ExpectedLoad> runs) {
  double sum = 0;
  for (const auto& run : runs) {
    sum += run.bits_per_second;
  }
  return sum;
}

}  // namespace

std::vector<std::size_t> turns_of(std::span<const std::size_t> order,
                                  std::span<const ExpectedLoad> loads) {
  std::vector<std::size_t> turns(order.begin(), order.end());
  if (turns.empty()) {
    return turns;
  }
  const bool alone_first = is_alone(loads[turns.front()]);
  double longest = 0;
  for (const std::size_t index : turns) {
    longest = std::max(longest, is_alone(loads[index]) ? 0 : loads[index].seconds);
  }
  const auto rank = [&](std::size_t index) {
    const ExpectedLoad& run = loads[index];
    return is_alone(run) ? (alone_first ? 0 : 3) : (run.seconds > longest / 2 ? 1 : 2);
  };
  std::ranges::stable_sort(turns, {}, rank);
  return turns;
}

std::optional<std::size_t> next_to_start(std::span<const ExpectedLoad> waiting,
                                         std::span<const ExpectedLoad> running) {
  if (waiting.empty()) {
    return std::nullopt;
  }
  if (running.empty()) {
    return 0;
  }
  if (running.size() >= kLanes || std::ranges::any_of(running, is_alone)) {
    return std::nullopt;
  }
  const auto company = waiting.first(
      static_cast<std::size_t>(std::ranges::find_if(waiting, is_alone) - waiting.begin()));
  const double room = kSharedBitsPerSecond - carried_by(running);
  const auto found = std::ranges::find_if(
      company, [&](const ExpectedLoad& run) { return run.bits_per_second <= room; });
  if (found == company.end()) {
    return std::nullopt;
  }
  return static_cast<std::size_t>(found - company.begin());
}

double makespan_s(std::span<const ExpectedLoad> turns) {
  std::vector<ExpectedLoad> waiting(turns.begin(), turns.end());
  std::vector<ExpectedLoad> running;  // `seconds`: when it will end
  double now = 0;
  while (!waiting.empty() || !running.empty()) {
    while (const auto next = next_to_start(waiting, running)) {
      const auto run = waiting.begin() + static_cast<std::ptrdiff_t>(*next);
      running.push_back({run->bits_per_second, now + run->seconds});
      waiting.erase(run);
    }
    const auto first = std::ranges::min_element(running, {}, &ExpectedLoad::seconds);
    now = first->seconds;
    running.erase(first);
  }
  return now;
}

}  // namespace dlab::bench
