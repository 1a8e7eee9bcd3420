#include "part4_mirrors/chunk_schedule.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dlab::part4 {

ChunkSchedule::ChunkSchedule(const Rules& rules, std::size_t mirrors,
                             std::optional<std::uint64_t> size, std::uint64_t chunks,
                             const std::vector<storage::ByteRange>& received)
    : rules_(rules),
      table_(rules_, mirrors),
      size_(size.value_or(kUnknownEnd)),
      chunks_(size ? chunks : 1),
      received_(received),
      has_failed_(mirrors) {
  for (auto [chunk, range] : missing()) {
    while (!range.empty()) {
      const auto piece = range.front(rules_.most_bytes);
      queue_.push_back({.chunk = chunk,
                        .range = piece,
                        .first = chunk % mirrors,
                        .tried = std::vector<bool>(mirrors)});
      range.begin = piece.end;
    }
  }
}

Decision ChunkSchedule::next(base::TimePoint now) {
  if (auto decision = from_queue(now)) {
    return *decision;
  }
  if (auto decision = from_others(now)) {
    return *decision;
  }
  // Who still waits for what others have brought need not be waited for.
  if (queue_.empty() && (asks_.empty() || received_.total() == size_)) {
    return {.kind = Decision::Kind::over};
  }
  return {.kind = Decision::Kind::wait, .until = look_again_at(now)};
}

// The first piece in the queue that some mirror may be asked for now.
std::optional<Decision> ChunkSchedule::from_queue(base::TimePoint now) {
  queue_rested_at_ = base::TimePoint::max();
  const auto all_loads = loads();
  for (auto place = queue_.begin(); place != queue_.end();) {
    if (is_held_back(*place)) {
      if (lost_.empty()) {
        ++place;
      } else {  // what is lost keeps it back for ever
        lost_.push_back(std::move(*place));
        place = queue_.erase(place);
      }
      continue;
    }
    const Choice choice = table_.choose(*place, all_loads, now);
    if (!choice.mirror && choice.rested_at) {
      queue_rested_at_ = std::min(queue_rested_at_, *choice.rested_at);
      ++place;
      continue;
    }
    Piece piece = std::move(*place);
    place = queue_.erase(place);
    if (choice.mirror) {
      return start(std::move(piece), *choice.mirror, now);
    }
    lost_.push_back(std::move(piece));
  }
  return std::nullopt;
}

// Must what is before it be written first?
bool ChunkSchedule::is_held_back(const Piece& piece) const {
  return piece.range.end - std::min(written_, piece.range.end) > rules_.most_ahead;
}

std::optional<Decision> ChunkSchedule::from_others(base::TimePoint now) {
  const auto all_loads = loads();
  const Takeovers takeovers(rules_, table_, asks_, all_loads, now);
  const auto theft = rules_.steal ? takeovers.best_theft() : std::nullopt;
  const auto found = theft || !rules_.race ? theft : takeovers.best_race();
  if (!found) {
    return std::nullopt;
  }
  Ask& victim = asks_.at(found->victim);
  Piece piece = victim.piece;
  piece.range = found->range;
  piece.first = found->mirror;
  const Decision decision = start(std::move(piece), found->mirror, now);
  if (theft) {
    victim.end = found->range.begin;
  } else {
    victim.rival = decision.id;
    asks_.at(decision.id).rival = found->victim;
  }
  return decision;
}

base::TimePoint ChunkSchedule::look_again_at(base::TimePoint now) const {
  const bool may_help = (rules_.steal || rules_.race) && !asks_.empty();
  return may_help ? std::min(queue_rested_at_, now + rules_.look_again) : queue_rested_at_;
}

Decision ChunkSchedule::start(Piece piece, std::size_t mirror, base::TimePoint now) {
  const AskId id = next_id_++;
  const storage::ByteRange range = piece.range;
  Ask& ask = asks_
                 .emplace(id, Ask{.piece = std::move(piece),
                                  .mirror = mirror,
                                  .position = range.begin,
                                  .end = range.end,
                                  .started = now,
                                  .progress_at = now,
                                  .goodput = RateMeter(rules_.window)})
                 .first->second;
  ask.goodput.begin(now);
  table_.asked(mirror, now);
  return {.kind = Decision::Kind::ask, .id = id, .mirror = mirror, .range = range};
}

std::uint64_t ChunkSchedule::wanted(AskId id) const {
  const Ask& ask = asks_.at(id);
  return is_wanted(ask) ? ask.left() : 0;
}

// Of a range that two are asked for, the faster one may have brought the rest.
bool ChunkSchedule::is_wanted(const Ask& ask) const {
  return ask.left() > 0 && (!ask.rival || !received_.missing({ask.position, ask.end}).empty());
}

Verdict ChunkSchedule::judge(AskId id, base::TimePoint now) const {
  const Ask& ask = asks_.at(id);
  if (!is_wanted(ask)) {
    return Verdict::not_wanted;
  }
  // While a server that takes one client at a time delivers another of our chunks, to wait in its
  // queue is no stall.
  const auto since = now - rules_.stall_timeout;
  const bool waits_its_turn = !ask.has_begun() && table_.has_delivered(ask.mirror, since);
  if (ask.progress_at <= since && !waits_its_turn) {
    return Verdict::stalled;
  }
  const auto all_loads = loads();
  const bool slow =
      rules_.replace && Takeovers(rules_, table_, asks_, all_loads, now).is_too_slow(ask);
  return slow ? Verdict::too_slow : Verdict::go_on;
}

std::uint64_t ChunkSchedule::received(AskId id, std::uint64_t bytes, base::TimePoint now) {
  Ask& ask = asks_.at(id);
  const std::uint64_t fresh = received_.add({ask.position, ask.position + bytes});
  duplicate_bytes_ += bytes - fresh;
  const bool is_first = bytes > 0 && !ask.has_begun();
  ask.position += bytes;
  if (is_first) {
    table_.has_let_in(ask.mirror, begun_of(ask.mirror));
    forgive(ask.mirror);
  }
  ask.progress_at = now;
  ask.goodput.add(bytes, now);
  table_.received(ask.mirror, bytes, now);
  return fresh;
}

void ChunkSchedule::ended(AskId id, Ending ending, const std::string& reason, base::TimePoint now,
                          std::optional<base::Duration> wait) {
  const Ask ask = take_out(id, now);
  if (is_one_too_many(ask, ending)) {
    ending = Ending::busy;
  }
  tell_table(ask.mirror, ending, reason, now, wait);
  if (is_wanted(ask) && !reason.empty()) {
    trails_[ask.piece.chunk].push_back({ask.mirror, reason});
  }
  release(ask, ending);
}

Ask ChunkSchedule::take_out(AskId id, base::TimePoint now) {
  Ask ask = std::move(asks_.extract(id).mapped());
  table_.ended(ask.mirror, now);
  return ask;
}

// What is missing of it is somebody else's.
void ChunkSchedule::release(const Ask& ask, Ending ending) {
  const auto rival = ask.rival ? asks_.find(*ask.rival) : asks_.end();
  if (rival == asks_.end()) {
    put_back(ask, ending != Ending::busy);
  } else if (ending != Ending::complete) {  // the rival is at the same bytes, alone again
    rival->second.rival.reset();
    rival->second.piece.tried[ask.mirror] = ending != Ending::busy;
  }
}

void ChunkSchedule::tell_table(std::size_t mirror, Ending ending, const std::string& reason,
                               base::TimePoint now, std::optional<base::Duration> wait) {
  if (ending == Ending::complete) {
    table_.succeeded(mirror);
  } else if (ending == Ending::busy) {
    table_.busy(mirror, reason, wait, now);
  } else if (ending == Ending::failed) {
    table_.failed(mirror, reason, now);
  } else if (ending == Ending::useless) {
    table_.give_up(mirror, reason);
  }
}

// A server that lets in only so many connections refuses or closes the next one, and goes on with
// the others, which may have come to their end when we hear of it.
bool ChunkSchedule::is_one_too_many(const Ask& ask, Ending ending) const {
  return ending == Ending::failed && !ask.has_begun() &&
         (begun_of(ask.mirror) > 0 || table_.has_delivered(ask.mirror, ask.started) ||
          table_.counts_connections(ask.mirror));
}

// How many ranges of this mirror are under way and have brought bytes?
unsigned ChunkSchedule::begun_of(std::size_t mirror) const {
  return static_cast<unsigned>(std::ranges::count_if(asks_, [mirror](const auto& ask) {
    return ask.second.mirror == mirror && ask.second.has_begun();
  }));
}

// What is missing of it goes to the front of the queue. If the mirror has brought a part, what is
// left has been asked of nobody else.
void ChunkSchedule::put_back(const Ask& ask, bool has_failed) {
  const auto begin = std::min(ask.position, ask.end);
  for (const auto& range : received_.missing({begin, ask.end})) {
    Piece rest{.chunk = ask.piece.chunk,
               .range = range,
               .first = (ask.mirror + 1) % table_.size(),
               .tried = ask.has_begun() ? std::vector<bool>(table_.size()) : ask.piece.tried};
    rest.tried[ask.mirror] = has_failed;
    has_failed_[ask.mirror] = has_failed_[ask.mirror] || has_failed;
    queue_.push_front(std::move(rest));
  }
}

// A mirror that brings bytes is worth being asked again for what it did not bring before: it may
// have closed some connections because it was to let in others.
void ChunkSchedule::forgive(std::size_t mirror) {
  if (!has_failed_[mirror]) {
    return;
  }
  has_failed_[mirror] = false;
  queue_.insert(queue_.end(), std::make_move_iterator(lost_.begin()),
                std::make_move_iterator(lost_.end()));
  lost_.clear();
  for (auto& piece : queue_) {
    piece.tried[mirror] = false;
  }
}

Decision ChunkSchedule::begin_stream(AskId id, base::TimePoint now) {
  const Ask ask = take_out(id, now);
  table_.knows_no_ranges(ask.mirror);
  release(ask, Ending::busy);
  const bool has_another = std::ranges::any_of(asks_, [&ask](const auto& other) {
    return other.second.mirror == ask.mirror && other.second.is_streamed;
  });
  return has_another ? Decision{} : first_behind(0, ask.mirror, now);
}

Decision ChunkSchedule::next_of_stream(AskId id, base::TimePoint now) {
  const std::size_t mirror = asks_.at(id).mirror;
  const std::uint64_t position = asks_.at(id).position;
  ended(id, Ending::complete, "", now);
  return first_behind(position, mirror, now);
}

// The first range in the file that waits for this mirror and begins at `position` or later.
Decision ChunkSchedule::first_behind(std::uint64_t position, std::size_t mirror,
                                     base::TimePoint now) {
  auto first = queue_.end();
  for (auto place = queue_.begin(); place != queue_.end(); ++place) {
    const bool is_ahead =
        place->range.begin >= position && !place->tried[mirror] && !is_held_back(*place);
    if (is_ahead && (first == queue_.end() || place->range.begin < first->range.begin)) {
      first = place;
    }
  }
  if (first == queue_.end()) {
    return {};
  }
  Piece piece = std::move(*first);
  queue_.erase(first);
  const Decision decision = start(std::move(piece), mirror, now);
  asks_.at(decision.id).is_streamed = true;
  return decision;
}

void ChunkSchedule::file_ends(AskId id) {
  size_ = asks_.at(id).position;
  asks_.at(id).end = size_;
}

void ChunkSchedule::heard(AskId id, base::TimePoint now) {
  asks_.at(id).progress_at = now;
}

std::vector<MissingBytes> ChunkSchedule::missing() const {
  std::vector<MissingBytes> missing;
  const auto ranges = storage::divide({0, size_}, chunks_);
  for (std::size_t chunk = 0; chunk < ranges.size(); ++chunk) {
    for (const auto& range : received_.missing(ranges[chunk])) {
      missing.push_back({chunk, range});
    }
  }
  return missing;
}

std::vector<Failure> ChunkSchedule::trail(std::size_t chunk) const {
  const auto found = trails_.find(chunk);
  return found == trails_.end() ? std::vector<Failure>() : found->second;
}

std::uint64_t ChunkSchedule::failures() const {
  std::uint64_t count = 0;
  for (const auto& [chunk, trail] : trails_) {
    count += trail.size();
  }
  return count;
}

std::vector<Load> ChunkSchedule::loads() const {
  std::vector<Load> loads(table_.size());
  for (const auto& [id, ask] : asks_) {
    ++loads[ask.mirror].asks;
    loads[ask.mirror].bytes += ask.left();
  }
  return loads;
}

}  // namespace dlab::part4
