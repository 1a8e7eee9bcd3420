#include "part2_packets/reordering_extent.hpp"

#include <algorithm>

namespace dlab::part2 {

void ReorderingExtent::arrived(std::uint64_t sequence) {
  ++arrivals_;
  if (records_.empty() || records_.back().sequence < sequence) {
    records_.push_back({sequence, arrivals_});
    return;
  }
  const auto earliest_larger = std::ranges::upper_bound(records_, sequence, {}, &Arrival::sequence);
  largest_ = std::max(largest_, arrivals_ - earliest_larger->place);
}

void ReorderingExtent::settle_below(std::uint64_t sequence) {
  const auto kept = std::ranges::lower_bound(records_, sequence, {}, &Arrival::sequence);
  records_.erase(records_.begin(), kept);
}

}  // namespace dlab::part2
