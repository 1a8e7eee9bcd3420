#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "common/base/random.hpp"

namespace dlab::part2 {

// How likely each kind of trouble is, packet by packet, from 0 to 1.
struct FaultRates {
  double drop = 0;
  double corrupt = 0;
  double duplicate = 0;
  bool operator==(const FaultRates&) const = default;
};

// "drop=0.2,corrupt=1%,duplicate=0.1": each at most once, in any order. Nothing for other texts.
std::optional<FaultRates> parse_fault_rates(std::string_view text);

// Makes the trouble that TCP hides from us, so that its repair can be seen. Not thread-safe.
class FaultInjector {
 public:
  FaultInjector(const FaultRates& rates, std::uint64_t seed) : rates_(rates), random_(seed) {}

  struct Fate {
    bool dropped = false;
    bool corrupted = false;
    bool duplicated = false;
    std::uint64_t dice = 0;  // says which bit a corrupted packet loses
  };
  // What happens to the next packet. The seed decides the fate of the k-th packet ever asked about;
  // the rate of one kind of trouble does not change who meets another.
  Fate next_fate();

 private:
  FaultRates rates_;
  base::SplitMix64 random_;
};

// Turns over one bit of `payload`, which is not empty.
void corrupt(std::span<std::byte> payload, std::uint64_t dice);

}  // namespace dlab::part2
