#pragma once

#include <chrono>
#include <cstdint>
#include <cstring>
#include <vector>

#include "linkem/direction.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {

// Packets that know their number, and a clock that stands still, for links in virtual time.

constexpr base::BitRate kEightMbit{8e6};  // a byte takes a microsecond, a packet of 1000 bytes 1 ms

inline base::TimePoint at(base::Duration since_start) {
  return base::TimePoint{} + std::chrono::hours(1) + since_start;
}

inline Packet* numbered(PacketPool& pool, std::uint32_t number, std::uint32_t length = 1000) {
  Packet* packet = pool.take();
  packet->length = length;
  std::memcpy(packet->bytes.data() + 24, &number, sizeof number);  // behind an IP header
  return packet;
}

inline std::uint32_t number_of(const Packet& packet) {
  std::uint32_t number = 0;
  std::memcpy(&number, packet.bytes.data() + 24, sizeof number);
  return number;
}

// A packet that came out of a link, and when.
struct Delivery {
  std::uint32_t number = 0;
  base::Duration due{};  // since the start

  bool operator==(const Delivery&) const = default;
};

inline Delivery delivered(PacketPool& pool, Packet* packet) {
  const Delivery delivery{number_of(*packet), packet->due - at({})};
  pool.give_back(packet);
  return delivery;
}

// All that have come out by then.
inline std::vector<Delivery> take_all(Direction& direction, PacketPool& pool, base::TimePoint now) {
  std::vector<Delivery> list;
  while (Packet* packet = direction.take_due(now)) {
    list.push_back(delivered(pool, packet));
  }
  return list;
}

}  // namespace dlab::linkem
