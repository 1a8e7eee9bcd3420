#include "part4_mirrors/mirror_table.hpp"

#include <algorithm>
#include <compare>

namespace dlab::part4 {

// The mirror with the smallest is asked.
struct MirrorTable::Score {
  enum class Rank { probe, measured, being_probed };
  Rank rank = Rank::probe;
  double cost = 0;           // within a rank
  std::size_t distance = 0;  // from where rotation begins
  auto operator<=>(const Score&) const = default;
};

MirrorTable::MirrorTable(const Rules& rules, std::size_t mirrors) : rules_(rules) {
  for (std::size_t mirror = 0; mirror < mirrors; ++mirror) {
    mirrors_.push_back(
        {.goodput = RateMeter(rules.window),
         .rests = base::Backoff(rules.seed + mirror, rules.first_rest, rules.longest_rest),
         .is_in_doubt = rules.ask_alone_first});
  }
}

void MirrorTable::asked(std::size_t mirror, base::TimePoint now) {
  ++mirrors_[mirror].asks;
  mirrors_[mirror].goodput.begin(now);
}

void MirrorTable::received(std::size_t mirror, std::uint64_t bytes, base::TimePoint now) {
  mirrors_[mirror].goodput.add(bytes, now);
  mirrors_[mirror].bytes += bytes;
  mirrors_[mirror].last_byte = now;
  mirrors_[mirror].is_in_doubt = false;
}

void MirrorTable::ended(std::size_t mirror, base::TimePoint now) {
  if (--mirrors_[mirror].asks == 0) {
    mirrors_[mirror].goodput.end(now);
  }
}

void MirrorTable::succeeded(std::size_t mirror) {
  mirrors_[mirror].failures = 0;
  mirrors_[mirror].rests_until = {};
}

// Several connections that a dying mirror takes along are one failure of it: those that end while
// it rests already do not count.
void MirrorTable::failed(std::size_t mirror, const std::string& reason, base::TimePoint now) {
  Known& failing = mirrors_[mirror];
  failing.reason = reason;
  if (is_resting(mirror, now)) {
    return;
  }
  ++failing.failures;
  failing.given_up = failing.given_up || failing.failures >= rules_.failures_allowed;
  failing.rests_until = now + failing.rests.before_attempt(failing.failures);
  failing.is_in_doubt = true;
  // What it did before tells nothing of what it will do: it is probed anew.
  failing.goodput = RateMeter(rules_.window);
  if (failing.asks > 0) {
    failing.goodput.begin(now);
  }
}

void MirrorTable::give_up(std::size_t mirror, const std::string& reason) {
  mirrors_[mirror].given_up = true;
  mirrors_[mirror].reason = reason;
}

Choice MirrorTable::choose(const Piece& piece, const std::vector<Load>& loads,
                           base::TimePoint now) const {
  Choice choice;
  std::optional<Score> best;
  for (std::size_t mirror = 0; mirror < mirrors_.size(); ++mirror) {
    if (piece.tried[mirror] || mirrors_[mirror].given_up) {
      continue;
    }
    if (is_resting(mirror, now)) {
      const auto rested = mirrors_[mirror].rests_until;
      choice.rested_at = std::min(choice.rested_at.value_or(rested), rested);
      continue;
    }
    if (mirrors_[mirror].is_in_doubt && mirrors_[mirror].asks > 0) {
      const auto later = now + rules_.look_again;
      choice.rested_at = std::min(choice.rested_at.value_or(later), later);
      continue;
    }
    const Score found = score(mirror, piece, loads[mirror], now);
    if (!best || found < *best) {
      best = found;
      choice.mirror = mirror;
    }
  }
  return choice;
}

MirrorTable::Score MirrorTable::score(std::size_t mirror, const Piece& piece, const Load& load,
                                      base::TimePoint now) const {
  Score score{.distance = (mirror + mirrors_.size() - piece.first) % mirrors_.size()};
  if (rules_.select == Select::rotate) {
    return score;
  }
  const auto rate = goodput(mirror, now);
  if (rate) {
    const std::uint64_t ahead = rules_.select == Select::adaptive ? load.bytes : 0;
    score.rank = Score::Rank::measured;
    score.cost = static_cast<double>(ahead + piece.range.size()) / *rate;
  } else if (load.asks > 0) {
    score.rank = Score::Rank::being_probed;
    score.cost = static_cast<double>(load.bytes);
  }
  return score;
}

std::optional<double> MirrorTable::goodput(std::size_t mirror, base::TimePoint now) const {
  return mirrors_[mirror].goodput.rate(now);
}

bool MirrorTable::is_resting(std::size_t mirror, base::TimePoint now) const {
  return now < mirrors_[mirror].rests_until;
}

bool MirrorTable::has_delivered(std::size_t mirror, base::TimePoint since) const {
  return mirrors_[mirror].last_byte && *mirrors_[mirror].last_byte >= since;
}

}  // namespace dlab::part4
