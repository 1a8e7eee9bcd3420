#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "bench/runner/environment.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_result.hpp"

namespace dlab::bench {

// At most so many runs at the same time, ...
inline constexpr std::size_t kLanes = 4;

// ... and no more than they carry together, in bit/s: an eighth of what one processor can carry
// (docs/speed.md).
inline constexpr double kSharedBitsPerSecond = 200e6;

// What a run is expected to be like: what it carries, in bit/s, and how long it takes.
struct ExpectedLoad {
  double bits_per_second;  // infinite: it has to be alone
  double seconds;
};

// `order` in groups of runs that go together, in the order of each group's first. Only a run that
// carries no more than half of kSharedBitsPerSecond has company: those that take most nearly as
// long as the first does, so that no lane waits for another for long.
std::vector<std::vector<std::size_t>> groups_of(
    std::span<const std::size_t> order, const std::function<ExpectedLoad(std::size_t)>& load_of);

// Makes these runs at the same time, each on a thread and in a network and a folder of its own;
// their results in the order of the requests.
std::vector<RunResult> run_side_by_side(const Environment& environment,
                                        std::span<const RunRequest> requests);

}  // namespace dlab::bench
