#include "part4_mirrors/takeovers.hpp"

#include <algorithm>
#include <limits>

#include "common/base/quantile.hpp"

namespace dlab::part4 {
namespace {

// Fewer are not worth a request of their own.
constexpr std::uint64_t kSmallestTheft = std::uint64_t{16} << 10U;
constexpr double kNever = std::numeric_limits<double>::infinity();

double seconds(std::uint64_t bytes, double rate) {
  if (bytes == 0) {
    return 0;
  }
  return rate > 0 ? static_cast<double>(bytes) / rate : kNever;
}

// How many bytes of a range to take whose fair `share` for the thief is known; 0: none. A few bytes
// left to one that waits its turn would wait as long as the whole.
std::uint64_t worth_taking(const Ask& ask, double share) {
  const auto left = static_cast<double>(ask.left());
  const auto smallest = static_cast<double>(kSmallestTheft);
  if (share >= left || (!ask.has_begun() && left - share < smallest)) {
    return ask.left();
  }
  return share < smallest ? 0 : static_cast<std::uint64_t>(share);
}

}  // namespace

std::optional<Takeovers::Takeover> Takeovers::best_theft() const {
  return best(&Takeovers::theft);
}

std::optional<Takeovers::Takeover> Takeovers::best_race() const {
  return best(&Takeovers::race);
}

std::optional<Takeovers::Takeover> Takeovers::best(Find find) const {
  std::optional<Takeover> found;
  for (const auto& [id, ask] : asks_) {
    if (ask.rival || ask.left() == 0) {
      continue;
    }
    const auto takeover = (this->*find)(id, ask);
    if (takeover && takeover->saved_s >= base::to_seconds(rules_.least_gain) &&
        (!found || takeover->saved_s > found->saved_s)) {
      found = takeover;
    }
  }
  return found;
}

// Of `left` bytes the thief, which first brings what it has been asked for already, takes x such
// that (ahead + x) / thief's rate = (left - x) / victim's rate.
std::optional<Takeovers::Takeover> Takeovers::theft(AskId id, const Ask& ask) const {
  const auto late_s = seconds_left(ask);
  const auto thief = late_s ? other_mirror(ask) : std::nullopt;
  if (!thief) {
    return std::nullopt;
  }
  const auto left = static_cast<double>(ask.left());
  const double rate = left / *late_s;
  const auto measured = mirrors_.goodput(*thief, now_);
  const double thief_rate = measured.value_or(rate);
  const auto ahead = static_cast<double>(loads_[*thief].bytes);
  const double share = rate == 0 ? left : (left * thief_rate - ahead * rate) / (thief_rate + rate);
  const std::uint64_t taken = worth_taking(ask, share);
  if (taken == 0) {
    return std::nullopt;
  }
  // Of a thief that was never tested nothing is known: better than one that brings nothing.
  const double then_s =
      measured || rate > 0 ? seconds(loads_[*thief].bytes + taken, thief_rate) : 0;
  return Takeover{.victim = id,
                  .mirror = *thief,
                  .range = {ask.end - taken, ask.end},
                  .saved_s = *late_s - then_s};
}

std::optional<Takeovers::Takeover> Takeovers::race(AskId id, const Ask& ask) const {
  const auto late_s = seconds_left(ask);
  const auto rival = late_s ? other_mirror(ask) : std::nullopt;
  if (!rival) {
    return std::nullopt;
  }
  const auto rate = mirrors_.goodput(*rival, now_);
  const double then_s =
      rate ? seconds(loads_[*rival].bytes + ask.left(), *rate) : (*late_s == kNever ? 0 : kNever);
  return Takeover{.victim = id,
                  .mirror = *rival,
                  .range = {ask.position, ask.end},
                  .saved_s = then_s == kNever ? 0 : *late_s - then_s};
}

std::optional<double> Takeovers::seconds_left(const Ask& ask) const {
  if (is_waiting_its_turn(ask)) {
    const auto rate = mirrors_.goodput(ask.mirror, now_);
    return rate ? std::optional(seconds(loads_[ask.mirror].bytes, *rate)) : std::nullopt;
  }
  // What came before a silence would make its last bytes look as if they were here soon.
  const auto rate = is_silent(ask) ? 0 : ask.goodput.rate(now_);
  return rate ? std::optional(seconds(ask.left(), *rate)) : std::nullopt;
}

bool Takeovers::is_silent(const Ask& ask) const {
  return ask.has_begun() && now_ - ask.progress_at >= rules_.window;
}

bool Takeovers::is_too_slow(const Ask& ask) const {
  if (ask.rival || now_ - ask.started < rules_.slow_after || is_waiting_its_turn(ask)) {
    return false;
  }
  const auto rate = ask.goodput.rate(now_);
  const auto median = median_of_others(ask);
  return rate && median && *rate < rules_.slow_share * *median &&
         seconds(ask.left(), *rate) > base::to_seconds(rules_.slow_after) &&
         other_mirror(ask).has_value();
}

// Whom to ask for what is left of it, who is not the mirror that is at it: a second connection to
// that one would share its rate.
std::optional<std::size_t> Takeovers::other_mirror(const Ask& ask) const {
  Piece rest{.chunk = ask.piece.chunk,
             .range = {ask.position, ask.end},
             .first = (ask.mirror + 1) % mirrors_.size(),
             .tried = ask.piece.tried};
  rest.tried[ask.mirror] = true;
  return mirrors_.choose(rest, loads_, now_).mirror;
}

// A server that takes one client at a time is busy with another chunk of ours.
bool Takeovers::is_waiting_its_turn(const Ask& ask) const {
  return !ask.has_begun() && mirrors_.has_delivered(ask.mirror, now_ - rules_.window);
}

// What a connection to each of the other mirrors brings, or brought when it had work.
std::optional<double> Takeovers::median_of_others(const Ask& ask) const {
  std::vector<double> rates;
  for (std::size_t mirror = 0; mirror < mirrors_.size(); ++mirror) {
    const auto rate = mirrors_.goodput(mirror, now_);
    if (mirror != ask.mirror && rate) {
      rates.push_back(*rate / std::max(1U, loads_[mirror].asks));
    }
  }
  return rates.empty() ? std::nullopt : std::optional(base::quantile(rates, 0.5));
}

}  // namespace dlab::part4
