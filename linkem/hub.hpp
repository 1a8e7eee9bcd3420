#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "linkem/direction.hpp"

namespace dlab::linkem {

// The star without its devices: every host's link, and the hub between them, in virtual time.
//
//   from_host() -> up of the sender -> hub -> down of the receiver -> to_host()
//
// Pure like Direction: a packet enters the second link at the moment it was due at the end of the
// first, however late the calls are made.
class Hub {
 public:
  // `pool` must outlive this.
  Hub(const StarSpec& spec, PacketPool& pool);

  // Host `host` sends a packet at `now`. One for nobody in this star is dropped.
  void from_host(std::size_t host, Packet* packet, base::TimePoint now);

  // Lets the packets that have reached the hub by `now` go on, in the order of their arrival.
  void advance(base::TimePoint now);

  // The next packet that has reached host `host` by `now`, null when there is none.
  Packet* to_host(std::size_t host, base::TimePoint now);

  // From `now` on both directions of host `host`'s link have this rate.
  void set_rate(std::size_t host, base::BitRate rate, base::TimePoint now);

  // When something happens next; nothing when no packet is under way.
  [[nodiscard]] std::optional<base::TimePoint> next_due() const;

  [[nodiscard]] std::size_t hosts() const { return links_.size(); }
  [[nodiscard]] const Direction& up(std::size_t host) const { return links_[host]->up; }
  [[nodiscard]] const Direction& down(std::size_t host) const { return links_[host]->down; }

 private:
  struct Link {
    Direction up;
    Direction down;
  };

  [[nodiscard]] std::optional<std::size_t> first_to_arrive(base::TimePoint now) const;

  PacketPool& pool_;
  std::vector<std::unique_ptr<Link>> links_;
};

}  // namespace dlab::linkem
