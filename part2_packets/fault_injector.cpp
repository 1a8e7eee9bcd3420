#include "part2_packets/fault_injector.hpp"

#include <algorithm>
#include <array>

#include "common/base/units.hpp"

namespace dlab::part2 {

std::optional<FaultRates> parse_fault_rates(std::string_view text) {
  struct Kind {
    std::string_view begins;
    double FaultRates::*rate;
    bool given = false;
  };
  std::array<Kind, 3> kinds{{{"drop=", &FaultRates::drop},
                             {"corrupt=", &FaultRates::corrupt},
                             {"duplicate=", &FaultRates::duplicate}}};
  FaultRates rates;
  for (;;) {
    const auto item = text.substr(0, text.find(','));
    const auto kind = std::ranges::find_if(kinds, [item](const Kind& known) {
      return !known.given && item.starts_with(known.begins);
    });
    if (kind == kinds.end()) {
      return std::nullopt;
    }
    const auto rate = base::parse_probability(item.substr(kind->begins.size()));
    if (!rate) {
      return std::nullopt;
    }
    rates.*kind->rate = *rate;
    kind->given = true;
    if (item.size() == text.size()) {
      return rates;
    }
    text.remove_prefix(item.size() + 1);
  }
}

FaultInjector::Fate FaultInjector::next_fate() {
  // Four numbers for every packet, whatever becomes of it. Braces evaluate from left to right.
  return {random_.uniform() < rates_.drop, random_.uniform() < rates_.corrupt,
          random_.uniform() < rates_.duplicate, random_.next()};
}

void corrupt(std::span<std::byte> payload, std::uint64_t dice) {
  const std::uint64_t bit = dice % (payload.size() * 8);
  payload[bit / 8] ^= std::byte{1} << (bit % 8);
}

}  // namespace dlab::part2
