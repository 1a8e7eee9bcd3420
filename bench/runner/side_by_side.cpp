#include "bench/runner/side_by_side.hpp"

#include <future>
#include <optional>
#include <string>

#include "bench/runner/transfer.hpp"

namespace dlab::bench {
namespace {

// A later lane works in a folder beside the first one's.
Environment environment_of_lane(const Environment& environment, std::size_t lane) {
  Environment own = environment;
  if (lane > 0) {
    own.work += std::string("-").append(std::to_string(lane));
  }
  return own;
}

// Files are made when they are first asked for, which two threads must not do at once.
void make_files(const Environment& environment, std::span<const RunRequest> requests) {
  for (const auto& request : requests) {
    environment.files.name_for(std::stoull(request.cell->settings.at("file_bytes")));
  }
}

}  // namespace

std::vector<std::vector<std::size_t>> groups_of(
    std::span<const std::size_t> order, const std::function<bool(std::size_t)>& may_go_beside) {
  std::vector<std::vector<std::size_t>> groups;
  std::optional<std::size_t> open;  // the group that may take one more along
  for (const std::size_t index : order) {
    const bool beside = may_go_beside(index);
    if (beside && open && groups[*open].size() < kLanes) {
      groups[*open].push_back(index);
      continue;
    }
    if (beside) {
      open = groups.size();
    }
    groups.push_back({index});
  }
  return groups;
}

std::vector<RunResult> run_side_by_side(const Environment& environment,
                                        std::span<const RunRequest> requests) {
  if (requests.size() == 1) {
    return {Transfer(environment, requests.front()).run()};
  }
  make_files(environment, requests);
  std::vector<std::future<RunResult>> lanes;
  lanes.reserve(requests.size());
  for (std::size_t lane = 0; lane < requests.size(); ++lane) {
    lanes.push_back(std::async(std::launch::async, [&, lane] {
      return Transfer(environment_of_lane(environment, lane), requests[lane]).run();
    }));
  }
  std::vector<RunResult> results;
  results.reserve(lanes.size());
  for (auto& lane : lanes) {
    results.push_back(lane.get());
  }
  return results;
}

}  // namespace dlab::bench
