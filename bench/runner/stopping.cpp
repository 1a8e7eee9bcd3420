#include "bench/runner/stopping.hpp"

#include <algorithm>
#include <array>

namespace dlab::bench {
namespace {

constexpr std::array kLooks = {5, 10, 20, 40};  // blocks
constexpr std::size_t kLeastPairs = 8;
constexpr std::size_t kFewestPairs = 5;  // where there is no doubt
constexpr double kFarAbove = 1.5;
constexpr double kFarBelow = 0.67;

bool is_narrow(const Effort& effort, int blocks, const RatioEstimate& ratio) {
  const auto& [low, high] = *ratio.stopping_interval;
  return blocks >= effort.least_blocks && ratio.n >= kLeastPairs &&
         high / low <= effort.narrow_enough;
}

bool is_clear(const RatioEstimate& ratio) {
  const auto& [low, high] = *ratio.stopping_interval;
  return ratio.n >= kFewestPairs && (low > kFarAbove || high < kFarBelow);
}

bool all_known(const Effort& effort, int blocks, std::span<const RatioEstimate> ratios) {
  const auto has_pairs = [](const RatioEstimate& ratio) {
    return ratio.n > 0;
  };
  const auto known = [&](const RatioEstimate& ratio) {
    return !has_pairs(ratio) ||
           (ratio.stopping_interval && (is_narrow(effort, blocks, ratio) || is_clear(ratio)));
  };
  return std::ranges::any_of(ratios, has_pairs) && std::ranges::all_of(ratios, known);
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
  if (std::ranges::find(kLooks, blocks) != kLooks.end() && all_known(effort, blocks, ratios)) {
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
