#include "part2_packets/packet_order.hpp"

#include <algorithm>
#include <numeric>
#include <span>

#include "common/base/random.hpp"

namespace dlab::part2 {

void arrange(SequenceRange window, wire::PacketOrder order, std::uint64_t seed,
             std::vector<std::uint64_t>& sequences) {
  sequences.resize(window.size());
  std::iota(sequences.begin(), sequences.end(), window.begin);
  if (order == wire::PacketOrder::reversed) {
    std::ranges::reverse(sequences);
  } else if (order == wire::PacketOrder::shuffled) {
    base::SplitMix64 random(seed ^ window.begin);
    base::shuffle(std::span(sequences), random);
  }
}

}  // namespace dlab::part2
