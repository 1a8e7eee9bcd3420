#include "bench/runner/fates.hpp"

#include <signal.h>

#include <algorithm>
#include <vector>

namespace dlab::bench {
namespace {

// The mirrors that something becomes of, in the order of their moments.
std::vector<std::size_t> doomed(std::span<const MirrorFate> fates) {
  std::vector<std::size_t> order;
  for (std::size_t mirror = 0; mirror < fates.size(); ++mirror) {
    if (!fates[mirror].remains()) {
      order.push_back(mirror);
    }
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t mirror) { return fates[mirror].at; });
  return order;
}

}  // namespace

bool meet_fates(std::span<const MirrorFate> fates, std::span<Process> servers,
                std::span<Process> clients, const std::function<void(std::size_t)>& lie) {
  const auto started = base::Clock::now();
  for (const std::size_t mirror : doomed(fates)) {
    const MirrorFate& fate = fates[mirror];
    if (wait_all(clients, base::Deadline::after(started + fate.at - base::Clock::now()))) {
      return false;
    }
    if (fate.kind == MirrorFate::Kind::lying) {
      lie(mirror);
      continue;
    }
    const std::size_t each = servers.size() / fates.size();
    for (auto& server : servers.subspan(mirror * each, each)) {
      server.signal(fate.kind == MirrorFate::Kind::killed ? SIGKILL : SIGSTOP);
    }
  }
  return true;
}

}  // namespace dlab::bench
