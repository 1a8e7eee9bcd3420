#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "common/base/clock.hpp"

namespace dlab::linkem {

// Durations by size: 16 steps to each doubling, so a percentile is right within 1/32; from 1 us to
// over an hour. Plain data of fixed size.
class DelayHistogram {
 public:
  void add(base::Duration delay) { ++counts_[bucket_of(delay)]; }
  // `share` from 0 to 1; 0 when nothing was added.
  [[nodiscard]] base::Duration percentile(double share) const;
  [[nodiscard]] std::uint64_t total() const;

 private:
  static constexpr unsigned kStepBits = 4;
  static constexpr std::size_t kSteps = std::size_t{1} << kStepBits;
  static constexpr std::size_t kBuckets = 32 * kSteps;

  static std::size_t bucket_of(base::Duration delay) {
    const auto us = static_cast<std::uint64_t>(delay.count() < 0 ? 0 : delay.count() / 1000);
    if (us < kSteps) {
      return us;
    }
    const auto shift = static_cast<unsigned>(std::bit_width(us)) - 1 - kStepBits;
    const std::size_t bucket = (shift << kStepBits) + (us >> shift);
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }
  static base::Duration middle_of(std::size_t bucket);

  std::array<std::uint32_t, kBuckets> counts_{};
};

// What became of the packets of one direction of a link.
struct DirectionCounters {
  std::uint64_t offered_packets = 0;  // arrived at the queue
  std::uint64_t offered_bytes = 0;
  std::uint64_t carried_packets = 0;  // left the queue for the wire, those lost there included
  std::uint64_t carried_bytes = 0;
  std::uint64_t lost_packets = 0;     // by the loss process, on the wire
  std::uint64_t dropped_packets = 0;  // by the queue
  std::uint64_t queued_packets = 0;   // waiting now
  std::uint64_t most_queued_packets = 0;
  std::uint64_t largest_packet = 0;  // IP bytes
  base::Duration busy{};             // time that the packets took to serialise
  DelayHistogram queueing;           // how long each carried packet waited
};

// How well the emulator itself kept time, over all links.
struct Punctuality {
  std::uint64_t delivered_packets = 0;
  std::uint64_t late_packets = 0;  // handed over more than 1 ms after they were due
  base::Duration most_late{};
  std::uint64_t tun_drops = 0;  // packets that a TUN device dropped, either way
  base::Duration cpu{};         // that the emulator used

  // In percent; 0 without packets.
  [[nodiscard]] double late_pct() const {
    return delivered_packets == 0
               ? 0
               : 100 * static_cast<double>(late_packets) / static_cast<double>(delivered_packets);
  }
};

}  // namespace dlab::linkem
