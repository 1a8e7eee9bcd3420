#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <vector>

#include "bench/runner/environment.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_result.hpp"

namespace dlab::bench {

// At most so many runs at the same time.
inline constexpr std::size_t kLanes = 2;

// `order` in groups of runs that go together: one whose `may_go_beside` holds takes the next ones
// of its kind along, up to kLanes; every other is alone. In the order of each group's first.
std::vector<std::vector<std::size_t>> groups_of(
    std::span<const std::size_t> order, const std::function<bool(std::size_t)>& may_go_beside);

// Makes these runs at the same time, each on a thread and in a network and a folder of its own;
// their results in the order of the requests.
std::vector<RunResult> run_side_by_side(const Environment& environment,
                                        std::span<const RunRequest> requests);

}  // namespace dlab::bench
