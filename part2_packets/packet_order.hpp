#pragma once

#include <cstdint>
#include <vector>

#include "common/wire/messages.hpp"
#include "part2_packets/packet_layout.hpp"

namespace dlab::part2 {

// The sequence numbers of one window in the order in which they are to be sent. A shuffled window
// depends on `seed` and on where the window begins, and on nothing else.
void arrange(SequenceRange window, wire::PacketOrder order, std::uint64_t seed,
             std::vector<std::uint64_t>& sequences);

}  // namespace dlab::part2
