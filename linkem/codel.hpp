#pragma once

#include <cstdint>

#include "common/base/clock.hpp"

namespace dlab::linkem {

// Controlled Delay (RFC 8289, section 5): drops from the front of a queue whose packets have waited
// longer than TARGET for at least an INTERVAL, the drops coming closer together by the square root
// of their number. Pure: times are handed in.
class Codel {
 public:
  // Whether the packet that leaves the queue at `now`, having waited `sojourn`, is dropped instead.
  // `bytes_behind`: what still waits after it; a queue of less than one packet is never punished.
  bool drops(base::Duration sojourn, base::TimePoint now, std::uint64_t bytes_behind);

 private:
  bool waited_too_long(base::Duration sojourn, base::TimePoint now, std::uint64_t bytes_behind);
  [[nodiscard]] base::TimePoint next_after(base::TimePoint time) const;

  base::TimePoint first_above_{};  // when an INTERVAL of long waits is over; epoch: no long wait
  base::TimePoint drop_next_{};
  std::uint32_t count_ = 0;       // drops since dropping began
  std::uint32_t last_count_ = 0;  // count_ when it last began
  bool dropping_ = false;
};

}  // namespace dlab::linkem
