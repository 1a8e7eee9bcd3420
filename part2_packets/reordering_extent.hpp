#pragma once

#include <cstdint>
#include <vector>

namespace dlab::part2 {

// How far out of order a stream runs: its largest reordering extent (RFC 4737 section 4.2.1). A
// packet is reordered when one with a larger sequence number came before it; its extent is how many
// places of arrival lie between it and the earliest such packet. Duplicates do not count.
class ReorderingExtent {
 public:
  // The next packet to arrive, for the first time, was number `sequence`.
  void arrived(std::uint64_t sequence);
  // No packet below `sequence` will come any more: lets go of what is kept for them.
  void settle_below(std::uint64_t sequence);

  [[nodiscard]] std::uint64_t largest() const { return largest_; }

 private:
  struct Arrival {
    std::uint64_t sequence;
    std::uint64_t place;  // of arrival, from 1
  };
  // Packets that were larger than all before them, in the order of arrival and so of sequence.
  std::vector<Arrival> records_;
  std::uint64_t arrivals_ = 0;
  std::uint64_t largest_ = 0;
};

}  // namespace dlab::part2
