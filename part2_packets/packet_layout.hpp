#pragma once

#include <algorithm>
#include <cstdint>

#include "common/storage/byte_range.hpp"

namespace dlab::part2 {

// Sequence numbers [begin, end).
struct SequenceRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  [[nodiscard]] bool contains(std::uint64_t sequence) const {
    return begin <= sequence && sequence < end;
  }
  bool operator==(const SequenceRange&) const = default;
};

// How bytes are divided into packets: packet k holds those from k * packet_bytes on. All packets
// are full except the one that `end` cuts off.
struct PacketLayout {
  std::uint32_t packet_bytes = 1;  // 1 at least
  std::uint64_t end = 0;           // where the bytes end, at most 2^63

  [[nodiscard]] std::uint64_t offset(std::uint64_t sequence) const {
    return sequence * packet_bytes;
  }
  [[nodiscard]] std::uint32_t length(std::uint64_t sequence) const {
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(packet_bytes, end - offset(sequence)));
  }
  // The packets of the bytes from `offset`, a multiple of packet_bytes, to the end.
  [[nodiscard]] SequenceRange packets_from(std::uint64_t offset) const {
    return {offset / packet_bytes, end / packet_bytes + (end % packet_bytes != 0 ? 1 : 0)};
  }
  // The bytes of those packets.
  [[nodiscard]] storage::ByteRange bytes_of(SequenceRange packets) const {
    return {offset(packets.begin), std::min(end, offset(packets.end))};
  }
};

}  // namespace dlab::part2
