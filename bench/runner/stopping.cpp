#include "bench/runner/stopping.hpp"

#include <algorithm>

namespace dlab::bench {
namespace {

constexpr std::size_t kLeastPairs = 8;

bool all_narrow(const Effort& effort, std::span<const RatioEstimate> ratios) {
  const auto has_pairs = [](const RatioEstimate& ratio) {
    return ratio.n > 0;
  };
  const auto narrow = [&](const RatioEstimate& ratio) {
    return ratio.n == 0 || (ratio.n >= kLeastPairs &&
                            ratio.interval->second / ratio.interval->first <= effort.narrow_enough);
  };
  return std::ranges::any_of(ratios, has_pairs) && std::ranges::all_of(ratios, narrow);
}

}  // namespace

std::string_view name_of(StopReason reason) {
  switch (reason) {
    case StopReason::narrow:
      return "narrow";
    case StopReason::blocks:
      return "blocks";
    case StopReason::budget:
      return "budget";
    case StopReason::interrupted:
      return "interrupted";
  }
  return "";
}

std::optional<StopReason> should_stop(const Effort& effort, int blocks, double spent_s,
                                      std::span<const RatioEstimate> ratios) {
  if (blocks >= effort.least_blocks && all_narrow(effort, ratios)) {
    return StopReason::narrow;
  }
  if (blocks >= effort.most_blocks) {
    return StopReason::blocks;
  }
  if (spent_s + spent_s / std::max(blocks, 1) > effort.budget_s) {
    return StopReason::budget;
  }
  return std::nullopt;
}

}  // namespace dlab::bench
