#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "common/base/clock.hpp"
#include "common/report/transfer_report.hpp"
#include "common/wire/codec.hpp"
#include "part2_packets/packet_layout.hpp"
#include "part2_packets/reordering_extent.hpp"

namespace dlab::part2 {

// A packet on its way out of the reassembler.
struct Piece {
  std::uint64_t sequence = 0;
  std::uint64_t offset = 0;
  std::span<const std::byte> payload;  // valid during the call that hands it out
  std::uint64_t sent_ns = 0;           // the sender's stamp
  base::TimePoint arrived;
  base::TimePoint released;
};

// Puts packets in order. Each answer brings the packets of a range: a window of them in whatever
// order, then a mark, then the next window. A packet whose turn it is goes out at once, with all
// that wait behind it; an early one waits in one of as many places as a window has. A mark says
// that no more will come below it: what waits there goes out, and what is missing becomes a hole,
// to be asked for in another answer.
//
//        mark        next                  mark + window
//   ------+------------+----------------------+-----------
//     out |  out       |  missing or waiting  |  refused
//   ------+------------+----------------------+-----------
//
// Pure: no input, no output, no clock. Not thread-safe.
class Reassembler {
 public:
  // Takes what goes out: each packet once, within an answer in order.
  using Release = std::function<void(const Piece&)>;

  // What became of a packet.
  enum class Verdict { released, buffered, duplicate, corrupted, outside_window };

  // `window_packets`: packets between two marks, 1 at least. `counts` are kept up to date and must
  // outlive the reassembler.
  Reassembler(const PacketLayout& layout, std::uint32_t window_packets,
              report::PacketCounts& counts, Release release);

  // An answer that brings these packets begins. The one before must be complete.
  void begin_answer(SequenceRange packets);

  // Takes a packet whose checksum fits, at the moment `now`. One that is not the size or in the
  // place that its number says counts as corrupted; one that was here, or lies below the mark, as a
  // duplicate. Only one beyond window or range is outside_window: no server may send it.
  Verdict insert(const wire::Packet& packet, base::TimePoint now);
  // Counts a packet whose checksum does not fit: not even its number can be believed.
  void insert_corrupted();

  // Every packet below `next_sequence` was sent. False, and nothing done, unless that moves the
  // mark on by 1 to a window, within the range. (An empty range has one mark, at its begin.)
  bool mark(std::uint64_t next_sequence, base::TimePoint now);

  // Was the answer's last mark here?
  [[nodiscard]] bool answer_complete() const { return complete_; }
  // Hands over the holes that were found since the last call, as runs in the order of the file.
  std::vector<SequenceRange> take_holes();

 private:
  struct Place {
    std::vector<std::byte> bytes;  // keeps its memory from packet to packet
    std::uint64_t sent_ns = 0;
    base::TimePoint arrived;
    bool taken = false;
  };
  Place& place_of(std::uint64_t sequence) { return places_[sequence % places_.size()]; }
  void keep(const wire::Packet& packet, base::TimePoint now);
  bool release_waiting(std::uint64_t sequence, base::TimePoint now);
  void release_run(base::TimePoint now);
  void open_window(std::uint64_t begin);

  PacketLayout layout_;
  std::uint64_t window_packets_;
  report::PacketCounts& counts_;
  Release release_;
  std::vector<Place> places_;  // packet k waits in place k mod their number
  SequenceRange answer_;
  SequenceRange window_;    // from the last mark to where packets are refused
  std::uint64_t next_ = 0;  // whose turn it is
  std::uint64_t waiting_ = 0;
  bool complete_ = true;
  std::vector<SequenceRange> holes_;
  ReorderingExtent extent_;
};

}  // namespace dlab::part2
