#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <vector>

#include "common/storage/byte_range.hpp"
#include "part4_mirrors/mirror_table.hpp"
#include "part4_mirrors/rules.hpp"
#include "part4_mirrors/takeovers.hpp"
#include "part4_mirrors/work.hpp"

namespace dlab::part4 {

// What a worker without work is to do.
struct Decision {
  enum class Kind {
    ask,   // `mirror` for `range`; its story is told under `id`
    wait,  // until `until`, or until something has happened
    over,  // all is here, or nothing is left that anybody could bring
  };
  Kind kind = Kind::over;
  AskId id = 0;
  std::size_t mirror = 0;
  storage::ByteRange range;
  base::TimePoint until = base::TimePoint::max();
};

// What a worker in the middle of a range is to do.
enum class Verdict {
  go_on,
  not_wanted,  // others have brought the rest, or taken it over: end it as `stopped`
  stalled,     // no byte came for too long: end it as `failed`
  too_slow,    // another mirror is to bring the rest: end it as `stopped`
};

enum class Ending {
  complete,  // all that was wanted has come
  stopped,   // by our own wish
  failed,    // trouble that may pass: refused, reset, cut short, no byte for too long
  busy,      // the mirror has too much to do
  useless,   // trouble that will not: no such file, another version, no such protocol
};

// The chunks of a file and the mirrors that have it: who is asked for what, and who next when it
// fails (rules.hpp). A pure machine: events and moments go in, in their order, decisions come out;
// it knows neither sockets nor clocks nor threads. Not thread-safe.
//
//   decision = schedule.next(now);              an idle worker
//   schedule.received(id, bytes, now);          its bytes are written
//   schedule.judge(id, now);                    from time to time
//   schedule.ended(id, ending, reason, now);    whatever came of it
//
// A mirror that knows no ranges sends the file from its front, over one connection, which brings
// range after range of it and skips what others bring:
//
//   decision = schedule.begin_stream(id, now);  the answer has shown it
//   decision = schedule.next_of_stream(id, now);  all of `id` is here
class ChunkSchedule {
 public:
  // `size`: nothing while it is unknown, and then the file is one chunk. `chunks`: into how many
  // ranges of one size the file is cut, at least 1; `mirrors` at least 1; `received`: what is here
  // already.
  ChunkSchedule(const Rules& rules, std::size_t mirrors, std::optional<std::uint64_t> size,
                std::uint64_t chunks, const std::vector<storage::ByteRange>& received);
  ChunkSchedule(const ChunkSchedule&) = delete;
  ChunkSchedule& operator=(const ChunkSchedule&) = delete;

  Decision next(base::TimePoint now);
  // How many bytes of the range are still wanted?
  [[nodiscard]] std::uint64_t wanted(AskId id) const;
  [[nodiscard]] Verdict judge(AskId id, base::TimePoint now) const;
  // The next `bytes` of the range have come. Returns how many of them were new.
  std::uint64_t received(AskId id, std::uint64_t bytes, base::TimePoint now);
  // `reason`: for the chunk's trail. `wait`: for how long a busy mirror asks to be left alone.
  void ended(AskId id, Ending ending, const std::string& reason, base::TimePoint now,
             std::optional<base::Duration> wait = {});
  // Both are `over` when the connection is to bring nothing more: no range behind its place waits
  // for this mirror and may be asked for, or another one streams from it already.
  Decision begin_stream(AskId id, base::TimePoint now);
  Decision next_of_stream(AskId id, base::TimePoint now);
  // The file, whose size was unknown, ends where `id` stands.
  void file_ends(AskId id);
  // All bytes before `end` are written: so much more may be asked for (Rules::most_ahead).
  void written(std::uint64_t end) { written_ = end; }
  // Its mirror is alive, though no byte of the range has come.
  void heard(AskId id, base::TimePoint now);
  // Nobody asks this mirror any more: it has another file under that name.
  void give_up(std::size_t mirror, const std::string& reason) { table_.give_up(mirror, reason); }
  // It is known already to know none.
  void knows_no_ranges(std::size_t mirror) { table_.knows_no_ranges(mirror); }
  // It has said already that it is busy.
  void leave_alone(std::size_t mirror, const BusyPeriod& busy) { table_.leave_alone(mirror, busy); }

  [[nodiscard]] const MirrorTable& mirrors() const { return table_; }
  [[nodiscard]] const Asks& under_way() const { return asks_; }
  [[nodiscard]] const storage::RangeSet& received() const { return received_; }
  [[nodiscard]] std::optional<std::uint64_t> size() const {
    return size_ == kUnknownEnd ? std::nullopt : std::optional(size_);
  }
  [[nodiscard]] std::uint64_t received_bytes() const { return received_.total(); }
  // Bytes that came although they were here already.
  [[nodiscard]] std::uint64_t duplicate_bytes() const { return duplicate_bytes_; }
  // How many ranges failed and were asked for again, or lost.
  [[nodiscard]] std::uint64_t failures() const;
  // Which bytes are not here, in the order of the file?
  [[nodiscard]] std::vector<MissingBytes> missing() const;
  // What no mirror could bring.
  [[nodiscard]] const std::vector<Piece>& lost() const { return lost_; }
  // Who failed to bring bytes of a chunk, in order.
  [[nodiscard]] std::vector<Failure> trail(std::size_t chunk) const;

 private:
  std::optional<Decision> from_queue(base::TimePoint now);
  std::optional<Decision> from_others(base::TimePoint now);
  [[nodiscard]] base::TimePoint look_again_at(base::TimePoint now) const;
  Decision start(Piece piece, std::size_t mirror, base::TimePoint now);
  [[nodiscard]] bool is_one_too_many(const Ask& ask, Ending ending) const;
  [[nodiscard]] unsigned begun_of(std::size_t mirror) const;
  void tell_table(std::size_t mirror, Ending ending, const std::string& reason, base::TimePoint now,
                  std::optional<base::Duration> wait);
  Ask take_out(AskId id, base::TimePoint now);
  void release(const Ask& ask, Ending ending);
  void put_back(const Ask& ask, bool has_failed);
  void forgive(std::size_t mirror);
  Decision first_behind(std::uint64_t position, std::size_t mirror, base::TimePoint now);
  [[nodiscard]] bool is_held_back(const Piece& piece) const;
  [[nodiscard]] bool is_wanted(const Ask& ask) const;
  [[nodiscard]] std::vector<Load> loads() const;

  Rules rules_;
  MirrorTable table_;
  std::uint64_t size_;  // kUnknownEnd: unknown
  std::uint64_t chunks_;
  storage::RangeSet received_;
  std::uint64_t written_ = 0;
  std::deque<Piece> queue_;
  Asks asks_;  // under way
  AskId next_id_ = 0;
  base::TimePoint queue_rested_at_ = base::TimePoint::max();  // as from_queue() found it
  std::vector<Piece> lost_;
  std::vector<bool> has_failed_;  // by mirror: it was tried in vain for a piece, and not forgiven
  std::map<std::size_t, std::vector<Failure>> trails_;  // by chunk
  std::uint64_t duplicate_bytes_ = 0;
};

}  // namespace dlab::part4
