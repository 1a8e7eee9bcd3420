#include "bench/runner/mirrors.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include "common/base/units.hpp"

namespace dlab::bench {
namespace {

using Kind = MirrorFate::Kind;

constexpr std::size_t kMostMirrors = 100;

// "70%" is 0.7; whole ones from 1 to 100.
std::optional<double> parse_percent(std::string_view word) {
  unsigned percent = 0;
  const auto* const end = word.data() + word.size() - 1;
  const auto [stopped, error] = std::from_chars(word.data(), end, percent);
  const bool is_share = error == std::errc() && stopped == end && percent >= 1 && percent <= 100;
  return is_share ? std::optional(percent / 100.0) : std::nullopt;
}

// What becomes of a mirror at a moment.
std::optional<Kind> parse_turn(std::string_view word) {
  if (word == "killed") {
    return Kind::killed;
  }
  if (word == "stalled") {
    return Kind::stalled;
  }
  if (word == "slowed") {
    return Kind::slowed;
  }
  return word == "lying" ? std::optional(Kind::lying) : std::nullopt;
}

std::optional<MirrorFate> parse_fate(std::string_view word) {
  if (word == "well") {
    return MirrorFate{};
  }
  if (word == "slow") {
    return MirrorFate{.rate = kSlowMirror};
  }
  if (word.ends_with('%')) {
    const auto share = parse_percent(word);
    return share ? std::optional(MirrorFate{.rate = *share}) : std::nullopt;
  }
  const auto at = word.find('@');
  const auto turn = parse_turn(word.substr(0, at));
  const auto moment =
      at == std::string_view::npos ? std::nullopt : base::parse_duration(word.substr(at + 1));
  if (!turn || !moment) {
    return std::nullopt;
  }
  const double rate = turn == Kind::slowed ? kSlowMirror : 1;
  return MirrorFate{.kind = *turn, .at = *moment, .rate = rate};
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
      sum += fate.rate;
      least = std::min(least, fate.rate);
      ++number;
    }
  }
  if (number == 0) {
    return 1;
  }
  return setting(settings, "schedule") == "adaptive" ? sum : number * least;
}

}  // namespace dlab::bench
