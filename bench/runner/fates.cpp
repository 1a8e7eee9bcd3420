#include "bench/runner/fates.hpp"

#include <signal.h>

#include <algorithm>
#include <vector>

namespace dlab::bench {
namespace {

using Kind = MirrorFate::Kind;

// The mirrors that something becomes of, in the order of their moments.
std::vector<std::size_t> doomed(std::span<const MirrorFate> fates) {
  std::vector<std::size_t> order;
  for (std::size_t mirror = 0; mirror < fates.size(); ++mirror) {
    if (fates[mirror].kind != Kind::well) {
      order.push_back(mirror);
    }
  }
  std::ranges::stable_sort(order, {}, [&](std::size_t mirror) { return fates[mirror].at; });
  return order;
}

void signal_all(std::span<Process> processes, int number) {
  for (auto& process : processes) {
    process.signal(number);
  }
}

}  // namespace

bool meet_fates(std::span<const MirrorFate> fates, std::span<Process> servers,
                std::span<Process> clients, const std::function<void(std::size_t)>& turn) {
  const auto started = base::Clock::now();
  for (const std::size_t mirror : doomed(fates)) {
    const MirrorFate& fate = fates[mirror];
    if (wait_all(clients, base::Deadline::after(started + fate.at - base::Clock::now()))) {
      return false;
    }
    const std::size_t each = servers.size() / fates.size();
    const auto own = servers.subspan(mirror * each, each);
    if (fate.kind == Kind::killed || fate.kind == Kind::stalled) {
      signal_all(own, fate.kind == Kind::killed ? SIGKILL : SIGSTOP);
    } else {
      turn(mirror);
    }
  }
  return true;
}

}  // namespace dlab::bench
