#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "linkem/link_spec.hpp"
#include "linkem/probe.hpp"

namespace dlab::linkem {

// What trains of probes say of a link. Pure.

// Rate in bit/s of IP bytes, from a train that kept the link busy. With random losses the train
// must have been too short to fill the queue: then the packets' numbers tell what the link carried
// (`by_number`); else the packets that arrived do. Nothing for fewer than two.
std::optional<double> rate_of(const ProbeResult& train, std::size_t ip_bytes, bool by_number);

// What a train tells of losses.
struct LossEstimate {
  std::size_t probes = 0;  // that count
  std::size_t lost = 0;    // of them

  // Nothing where no probe counts.
  [[nodiscard]] std::optional<double> share() const;
};

// The packets that did not arrive, of a train slower than the link. Those near an arrival that came
// over half a millisecond and `jitter` later than the fastest, or behind one that the receiver
// overlooked, do not count: there the machine paused, and what piled up may have filled a queue.
LossEstimate loss_of(const ProbeResult& train, base::Duration jitter);

// Packets that may wait, from a train faster than the link: who joined the full queue waited for
// all of it. `transmission`: of one packet. Only what was sent before the first missing packet
// counts where `until_first_drop` (after a drop, single_drop lets the queue grow). Nothing without
// arrivals.
std::optional<double> queue_of(const ProbeResult& train, base::Duration transmission,
                               bool until_first_drop);

}  // namespace dlab::linkem
