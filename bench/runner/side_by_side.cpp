#include "bench/runner/side_by_side.hpp"

#include <algorithm>
#include <cmath>
#include <future>
#include <iterator>
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

struct Candidate {
  std::size_t index;
  ExpectedLoad load;
};

bool may_have_company(const Candidate& run) {
  return run.load.bits_per_second <= kSharedBitsPerSecond / 2;
}

// Those of `waiting` that go together with its first; they are taken out of it.
std::vector<std::size_t> take_group(std::vector<Candidate>& waiting) {
  const Candidate first = waiting.front();
  waiting.erase(waiting.begin());
  std::vector<std::size_t> group{first.index};
  if (!may_have_company(first)) {
    return group;
  }
  std::vector<Candidate> company;
  std::ranges::copy_if(waiting, std::back_inserter(company), may_have_company);
  std::ranges::stable_sort(company, {}, [&](const Candidate& run) {
    return std::abs(run.load.seconds - first.load.seconds);
  });
  double carried = first.load.bits_per_second;
  for (const auto& run : company) {
    if (group.size() < kLanes && carried + run.load.bits_per_second <= kSharedBitsPerSecond) {
      group.push_back(run.index);
      carried += run.load.bits_per_second;
    }
  }
  std::erase_if(waiting, [&](const Candidate& run) {
    return std::ranges::find(group, run.index) != group.end();
  });
  return group;
}

}  // namespace

std::vector<std::vector<std::size_t>> groups_of(
    std::span<const std::size_t> order, const std::function<ExpectedLoad(std::size_t)>& load_of) {
  std::vector<Candidate> waiting;
  std::ranges::transform(order, std::back_inserter(waiting), [&](std::size_t index) {
    return Candidate{index, load_of(index)};
  });
  std::vector<std::vector<std::size_t>> groups;
  while (!waiting.empty()) {
    groups.push_back(take_group(waiting));
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
