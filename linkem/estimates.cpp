#include "linkem/estimates.hpp"

#include <algorithm>
#include <cmath>

namespace dlab::linkem {

std::optional<double> rate_of(const ProbeResult& train, std::size_t ip_bytes, bool by_number) {
  const auto& arrivals = train.arrivals;
  if (arrivals.size() < 2) {
    return std::nullopt;
  }
  const auto& first = arrivals.front();
  const auto& last = arrivals.back();
  const double packets = by_number ? static_cast<double>(last.number) - first.number
                                   : static_cast<double>(arrivals.size() - 1);
  return packets * static_cast<double>(ip_bytes) * 8e9 /
         static_cast<double>(last.received_ns - first.received_ns);
}

double loss_of(const ProbeResult& train) {
  const auto arrived = static_cast<double>(train.arrivals.size() + train.overlooked);
  return 1 - arrived / static_cast<double>(train.sent);
}

std::optional<double> queue_of(const ProbeResult& train, base::Duration transmission,
                               bool until_first_drop) {
  if (train.arrivals.empty()) {
    return std::nullopt;
  }
  std::int64_t least = train.arrivals.front().received_ns - train.arrivals.front().sent_ns;
  std::int64_t most = least;
  std::uint32_t expected = 0;
  for (const auto& arrival : train.arrivals) {
    if (until_first_drop && arrival.number != expected++) {
      break;
    }
    const auto delay = arrival.received_ns - arrival.sent_ns;
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  return static_cast<double>(most - least) / static_cast<double>(transmission.count());
}

}  // namespace dlab::linkem
