#include "bench/runner/mirrors.hpp"

#include <algorithm>

#include "common/base/units.hpp"

namespace dlab::bench {
namespace {

using Kind = MirrorFate::Kind;

constexpr std::size_t kMostMirrors = 100;

std::optional<MirrorFate> parse_fate(std::string_view word) {
  if (word == "well") {
    return MirrorFate{};
  }
  if (word == "slow") {
    return MirrorFate{.kind = Kind::slow};
  }
  const auto at = word.find('@');
  const auto what = word.substr(0, at);
  if (at == std::string_view::npos || (what != "killed" && what != "stalled")) {
    return std::nullopt;
  }
  const auto moment = base::parse_duration(word.substr(at + 1));
  return moment ? std::optional(MirrorFate{.kind = what == "killed" ? Kind::killed : Kind::stalled,
                                           .at = *moment})
                : std::nullopt;
}

}  // namespace

std::optional<std::vector<MirrorFate>> parse_mirrors(std::string_view text) {
  std::vector<MirrorFate> fates;
  for (;;) {
    const auto comma = text.find(',');
    const auto fate = parse_fate(text.substr(0, comma));
    if (!fate || fates.size() == kMostMirrors) {
      return std::nullopt;
    }
    fates.push_back(*fate);
    if (comma == std::string_view::npos) {
      return fates;
    }
    text.remove_prefix(comma + 1);
  }
}

std::vector<MirrorFate> mirrors_of(const Settings& settings) {
  return parse_mirrors(setting(settings, "mirrors")).value_or(std::vector<MirrorFate>());
}

double rate_of_mirrors(const Settings& settings) {
  double sum = 0;
  double least = 1;
  double number = 0;
  for (const auto& fate : mirrors_of(settings)) {
    if (fate.remains()) {
      const double rate = fate.kind == Kind::slow ? kSlowMirror : 1;
      sum += rate;
      least = std::min(least, rate);
      ++number;
    }
  }
  if (number == 0) {
    return 1;
  }
  return setting(settings, "schedule") == "adaptive" ? sum : number * least;
}

}  // namespace dlab::bench
