#include "linkem/direction.hpp"

#include <algorithm>
#include <cmath>

namespace dlab::linkem {
namespace {

// Two streams of random numbers from one seed.
constexpr std::uint64_t kJitterSalt = 0x6A09E667F3BCC909U;

}  // namespace

Direction::Direction(const DirectionSpec& spec, std::uint64_t seed, PacketPool& pool)
    : spec_(spec), pool_(pool), loss_(spec.loss, seed), jitter_(seed ^ kJitterSalt) {}

base::Duration Direction::transmission(std::uint32_t bytes) const {
  const double rate = spec_.rate.bits_per_second;
  return base::Duration(rate > 0 ? std::llround(bytes * 8e9 / rate) : 0);
}

void Direction::offer(Packet* packet, base::TimePoint now) {
  advance(now);
  packet->arrived = now;
  ++counters_.offered_packets;
  counters_.offered_bytes += packet->length;
  counters_.largest_packet = std::max<std::uint64_t>(counters_.largest_packet, packet->length);
  if (waiting_.empty() && free_at_ <= now) {
    serve(packet, now);
  } else if (refuses(now)) {
    quiet_until_ = now + spec_.queue.quiet;
    drop(packet);
  } else {
    waiting_.push(packet);
    counters_.queued_packets = waiting_.size();
    counters_.most_queued_packets =
        std::max(counters_.most_queued_packets, counters_.queued_packets);
  }
}

void Direction::set_rate(base::BitRate rate, base::TimePoint now) {
  advance(now);
  spec_.rate = rate;
}

bool Direction::refuses(base::TimePoint now) const {
  return waiting_.size() >= spec_.queue.packets &&
         (spec_.queue.policy != QueuePolicy::single_drop || now >= quiet_until_);
}

// Everything that the transmitter did until `now`.
void Direction::advance(base::TimePoint now) {
  while (!waiting_.empty() && free_at_ <= now) {
    Packet* packet = waiting_.pop();
    const auto start = free_at_;
    if (spec_.queue.policy == QueuePolicy::codel &&
        codel_.drops(start - packet->arrived, start, waiting_.bytes())) {
      drop(packet);
    } else {
      serve(packet, start);
    }
  }
  counters_.queued_packets = waiting_.size();
}

// Puts a packet on the wire from `now` on. It takes its time there even if it will be lost.
void Direction::serve(Packet* packet, base::TimePoint now) {
  const auto duration = transmission(packet->length);
  free_at_ = now + duration;
  ++counters_.carried_packets;
  counters_.carried_bytes += packet->length;
  counters_.busy += duration;
  counters_.queueing.add(now - packet->arrived);
  const auto wobble =
      base::Duration(std::llround(jitter_.uniform() * static_cast<double>(spec_.jitter.count())));
  last_due_ = std::max(last_due_, free_at_ + spec_.delay + wobble);
  if (loss_.loses_next()) {
    ++counters_.lost_packets;
    pool_.give_back(packet);
    return;
  }
  packet->due = last_due_;
  on_wire_.push(packet);
}

void Direction::drop(Packet* packet) {
  ++counters_.dropped_packets;
  pool_.give_back(packet);
}

std::optional<base::TimePoint> Direction::next_due() const {
  if (!on_wire_.empty()) {
    return on_wire_.front().due;
  }
  if (!waiting_.empty()) {
    const bool may_drop_front = spec_.queue.policy == QueuePolicy::codel;
    return free_at_ + transmission(may_drop_front ? 0 : waiting_.front().length) + spec_.delay;
  }
  return std::nullopt;
}

Packet* Direction::take_due(base::TimePoint now) {
  advance(now);
  return on_wire_.empty() || on_wire_.front().due > now ? nullptr : on_wire_.pop();
}

}  // namespace dlab::linkem
