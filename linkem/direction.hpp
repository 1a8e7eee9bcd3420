#pragma once

#include <optional>

#include "common/base/clock.hpp"
#include "common/base/random.hpp"
#include "linkem/codel.hpp"
#include "linkem/counters.hpp"
#include "linkem/link_spec.hpp"
#include "linkem/loss.hpp"
#include "linkem/packets.hpp"

namespace dlab::linkem {

// One direction of a link, in virtual time: a queue, a transmitter with a rate, a wire with delay
// and losses.
//
//   offer() -> [queue] -> transmitter -> wire -> take_due()
//               drops                    losses
//
// Pure: every method is told the time, and what happens depends on the times told, not on when the
// calls are made; a caller that comes late bends nothing. Times must not run backwards.
class Direction {
 public:
  // `pool` takes back what is dropped or lost, and must outlive this.
  Direction(const DirectionSpec& spec, std::uint64_t seed, PacketPool& pool);

  // A packet arrives at `now`.
  void offer(Packet* packet, base::TimePoint now);

  // From `now` on it transmits at `rate`; what it is transmitting ends as it began.
  void set_rate(base::BitRate rate, base::TimePoint now);

  // When the next packet can be taken; nothing when none is under way. May be early, where a
  // packet is lost or dropped first, but never late.
  [[nodiscard]] std::optional<base::TimePoint> next_due() const;

  // The next packet that is due by `now`, null when there is none. Its `due` tells exactly when.
  Packet* take_due(base::TimePoint now);

  [[nodiscard]] const DirectionCounters& counters() const { return counters_; }

 private:
  void advance(base::TimePoint now);
  void serve(Packet* packet, base::TimePoint now);
  [[nodiscard]] bool refuses(base::TimePoint now) const;
  void drop(Packet* packet);
  [[nodiscard]] base::Duration transmission(std::uint32_t bytes) const;

  DirectionSpec spec_;
  PacketPool& pool_;
  LossProcess loss_;
  base::SplitMix64 jitter_;
  Codel codel_;
  PacketList waiting_;
  PacketList on_wire_;
  base::TimePoint free_at_{};   // when the transmitter is done with what it has
  base::TimePoint last_due_{};  // of the packet that entered the wire last
  base::TimePoint quiet_until_{};
  DirectionCounters counters_;
};

}  // namespace dlab::linkem
