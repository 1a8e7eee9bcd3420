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
         .busy = BusyPeriod(rules, mirror),
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
  mirrors_[mirror].busy.end();
}

void MirrorTable::ended(std::size_t mirror, base::TimePoint now) {
  if (--mirrors_[mirror].asks == 0) {
    mirrors_[mirror].goodput.end(now);
  }
}

void MirrorTable::succeeded(std::size_t mirror) {
  mirrors_[mirror].failures = 0;
  mirrors_[mirror].rests_until = mirrors_[mirror].busy.until();  // what it asks for itself stands
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
  failing.most_asks.reset();
  failing.let_in = 0;
  // What it did before tells nothing of what it will do: it is probed anew.
  failing.goodput = RateMeter(rules_.window);
  if (failing.asks > 0) {
    failing.goodput.begin(now);
  }
}

// What it has let in goes on, whatever it says to others. If it has let in more before, it may not
// have seen yet that one of them has ended. Several refusals at once are one reason to rest.
void MirrorTable::busy(std::size_t mirror, const std::string& reason,
                       std::optional<base::Duration> wait, base::TimePoint now) {
  Known& refusing = mirrors_[mirror];
  refusing.reason = reason;
  refusing.is_in_doubt = refusing.is_in_doubt || refusing.asks == 0;
  const bool has_let_in_more = refusing.asks < refusing.let_in;
  refusing.let_in = std::min(refusing.let_in, refusing.asks);
  if (refusing.asks > 0 && !has_let_in_more) {
    refusing.most_asks = refusing.asks;
  }
  if (wait || (!is_resting(mirror, now) && (refusing.asks == 0 || has_let_in_more))) {
    refusing.busy.refused(reason, wait, now);
    rest_while_busy(mirror);
  }
}

void MirrorTable::has_let_in(std::size_t mirror, unsigned asks) {
  mirrors_[mirror].let_in = std::max(mirrors_[mirror].let_in, asks);
}

// It does when it closes connections beyond a number. The first one after that which fails while no
// other is under way may have come before the server had seen the end of the one before.
bool MirrorTable::counts_connections(std::size_t mirror) const {
  return mirrors_[mirror].most_asks && !mirrors_[mirror].busy.lasts();
}

void MirrorTable::leave_alone(std::size_t mirror, const BusyPeriod& busy) {
  mirrors_[mirror].busy = busy;
  mirrors_[mirror].is_in_doubt = true;
  mirrors_[mirror].reason = busy.reason();
  rest_while_busy(mirror);
}

void MirrorTable::rest_while_busy(std::size_t mirror) {
  Known& busy = mirrors_[mirror];
  busy.rests_until = std::max(busy.rests_until, busy.busy.until());
  busy.given_up = busy.given_up || busy.busy.is_too_long();
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
    if (const auto later = not_before(mirror, now)) {
      choice.rested_at = std::min(choice.rested_at.value_or(*later), *later);
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

// When may it be asked, or is it to be looked at again, if it may not be asked now?
std::optional<base::TimePoint> MirrorTable::not_before(std::size_t mirror,
                                                       base::TimePoint now) const {
  const Known& known = mirrors_[mirror];
  if (is_resting(mirror, now)) {
    return known.rests_until;
  }
  const auto most_asks = known.knows_ranges ? known.most_asks : 1;
  const bool is_full = most_asks && known.asks >= *most_asks;
  const bool is_being_tried = known.is_in_doubt && known.asks > 0;
  return is_full || is_being_tried ? std::optional(now + rules_.look_again) : std::nullopt;
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
  return mirrors_[mirror].last_byte && *mirrors_[mirror].last_byte > since;
}

}  // namespace dlab::part4
