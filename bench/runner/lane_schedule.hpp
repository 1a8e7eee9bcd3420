#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace dlab::bench {

// At most so many runs at the same time, ...
inline constexpr std::size_t kLanes = 8;

// ... and no more than they carry together, in bit/s: an eighth of what one processor can carry
// (docs/speed.md).
inline constexpr double kSharedBitsPerSecond = 200e6;

// What a run is expected to be like: what it carries, in bit/s, and how long it takes. One that
// carries more than half of kSharedBitsPerSecond has to be alone.
struct ExpectedLoad {
  double bits_per_second;
  double seconds;
};

// `order` as a block makes its runs; `loads`: of all runs, by index. First those of the first run's
// kind (alone, or side by side), then the others; of those that go side by side the long ones
// first, so that no lane is left alone with one at the end. Within that the order stays.
std::vector<std::size_t> turns_of(std::span<const std::size_t> order,
                                  std::span<const ExpectedLoad> loads);

// Which of `waiting` may start beside `running`: the first for which there is room. Nobody
// overtakes a run that has to be alone.
std::optional<std::size_t> next_to_start(std::span<const ExpectedLoad> waiting,
                                         std::span<const ExpectedLoad> running);

// How long runs take that start in this way, in seconds.
double makespan_s(std::span<const ExpectedLoad> turns);

}  // namespace dlab::bench
