#include "linkem/hub.hpp"

#include <arpa/inet.h>

#include "common/base/random.hpp"

namespace dlab::linkem {
namespace {

constexpr std::size_t kDestinationAt = 16;  // RFC 791, section 3.1
constexpr std::size_t kHeaderLength = 20;
constexpr std::array<std::byte, 3> kNetwork = {std::byte{10}, std::byte{77}, std::byte{0}};

// Index of the host that an IPv4 packet is for; nothing for anything else.
std::optional<std::size_t> destination_of(const Packet& packet) {
  if (packet.length < kHeaderLength || (packet.bytes[0] & std::byte{0xF0}) != std::byte{0x40}) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < kNetwork.size(); ++i) {
    if (packet.bytes[kDestinationAt + i] != kNetwork[i]) {
      return std::nullopt;
    }
  }
  return std::to_integer<std::size_t>(packet.bytes[kDestinationAt + kNetwork.size()]) - 1;
}

}  // namespace

Hub::Hub(const StarSpec& spec, PacketPool& pool) : pool_(pool) {
  base::SplitMix64 seeds(spec.seed);
  for (const auto& host : spec.hosts) {
    const auto up_seed = seeds.next();
    const auto down_seed = seeds.next();
    links_.push_back(std::make_unique<Link>(
        Link{Direction(host.link.up, up_seed, pool), Direction(host.link.down, down_seed, pool)}));
  }
}

void Hub::from_host(std::size_t host, Packet* packet, base::TimePoint now) {
  links_[host]->up.offer(packet, now);
}

std::optional<std::size_t> Hub::first_to_arrive(base::TimePoint now) const {
  std::optional<std::size_t> first;
  auto earliest = now;
  for (std::size_t host = 0; host < links_.size(); ++host) {
    const auto due = links_[host]->up.next_due();
    if (due && (*due < earliest || (*due == earliest && !first))) {
      first = host;
      earliest = *due;
    }
  }
  return first;
}

void Hub::advance(base::TimePoint now) {
  while (const auto host = first_to_arrive(now)) {
    // Not by `now`, but by when it is due: another host's packet may come before its second one.
    Packet* packet = links_[*host]->up.take_due(*links_[*host]->up.next_due());
    if (packet == nullptr) {
      continue;  // its expected first packet was lost or dropped
    }
    const auto receiver = destination_of(*packet);
    if (receiver && *receiver < links_.size()) {
      links_[*receiver]->down.offer(packet, packet->due);
    } else {
      pool_.give_back(packet);
    }
  }
}

Packet* Hub::to_host(std::size_t host, base::TimePoint now) {
  return links_[host]->down.take_due(now);
}

void Hub::set_rate(std::size_t host, base::BitRate rate, base::TimePoint now) {
  advance(now);
  links_[host]->up.set_rate(rate, now);
  links_[host]->down.set_rate(rate, now);
}

std::optional<base::TimePoint> Hub::next_due() const {
  std::optional<base::TimePoint> earliest;
  for (const auto& link : links_) {
    for (const auto& due : {link->up.next_due(), link->down.next_due()}) {
      if (due && (!earliest || *due < *earliest)) {
        earliest = due;
      }
    }
  }
  return earliest;
}

}  // namespace dlab::linkem
