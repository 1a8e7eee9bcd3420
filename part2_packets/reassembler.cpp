#include "part2_packets/reassembler.hpp"

#include <algorithm>
#include <utility>

namespace dlab::part2 {

Reassembler::Reassembler(const PacketLayout& layout, std::uint32_t window_packets,
                         report::PacketCounts& counts, Release release)
    : layout_(layout),
      window_packets_(window_packets),
      counts_(counts),
      release_(std::move(release)),
      places_(static_cast<std::size_t>(
          std::clamp<std::uint64_t>(layout.packets_from(0).size(), 1, window_packets))) {}

void Reassembler::begin_answer(SequenceRange packets) {
  answer_ = packets;
  next_ = packets.begin;
  complete_ = false;
  open_window(packets.begin);
}

void Reassembler::open_window(std::uint64_t begin) {
  window_ = {begin, std::min(begin + window_packets_, answer_.end)};
  extent_.settle_below(begin);
}

Reassembler::Verdict Reassembler::insert(const wire::Packet& packet, base::TimePoint now) {
  ++counts_.received;
  const std::uint64_t sequence = packet.header.sequence;
  if (sequence >= window_.end) {
    return Verdict::outside_window;
  }
  const std::uint64_t offset = layout_.offset(sequence);
  if (packet.header.offset != offset || packet.payload.size() != layout_.length(sequence)) {
    ++counts_.corrupted;
    return Verdict::corrupted;
  }
  if (sequence < next_ || place_of(sequence).taken) {
    ++counts_.duplicates;
    return Verdict::duplicate;
  }
  extent_.arrived(sequence);
  counts_.max_displacement_packets = extent_.largest();
  if (sequence > next_) {
    keep(packet, now);
    return Verdict::buffered;
  }
  release_({sequence, offset, packet.payload, packet.header.sent_ns, now, now});
  ++next_;
  release_run(now);
  return Verdict::released;
}

void Reassembler::insert_corrupted() {
  ++counts_.received;
  ++counts_.corrupted;
}

void Reassembler::keep(const wire::Packet& packet, base::TimePoint now) {
  Place& place = place_of(packet.header.sequence);
  place.bytes.assign(packet.payload.begin(), packet.payload.end());
  place.sent_ns = packet.header.sent_ns;
  place.arrived = now;
  place.taken = true;
  ++waiting_;
  counts_.max_buffered_packets = std::max(counts_.max_buffered_packets, waiting_);
}

// Lets a packet go if it waits.
bool Reassembler::release_waiting(std::uint64_t sequence, base::TimePoint now) {
  Place& place = place_of(sequence);
  if (waiting_ == 0 || !place.taken) {
    return false;
  }
  release_({sequence, layout_.offset(sequence), place.bytes, place.sent_ns, place.arrived, now});
  place.taken = false;
  --waiting_;
  return true;
}

// Lets all go that wait without a gap from where it is `next_`'s turn.
void Reassembler::release_run(base::TimePoint now) {
  while (release_waiting(next_, now)) {
    ++next_;
  }
}

bool Reassembler::mark(std::uint64_t next_sequence, base::TimePoint now) {
  const bool moves_on = window_.begin < next_sequence && next_sequence <= window_.end;
  const bool ends_empty_answer = answer_.size() == 0 && next_sequence == answer_.end;
  if (complete_ || !(moves_on || ends_empty_answer)) {
    return false;
  }
  for (; next_ < next_sequence; ++next_) {
    if (release_waiting(next_, now)) {
      continue;
    }
    if (!holes_.empty() && holes_.back().end == next_) {
      ++holes_.back().end;
    } else {
      holes_.push_back({next_, next_ + 1});
    }
  }
  release_run(now);
  open_window(next_sequence);
  complete_ = next_sequence == answer_.end;
  return true;
}

std::vector<SequenceRange> Reassembler::take_holes() {
  return std::exchange(holes_, {});
}

}  // namespace dlab::part2
