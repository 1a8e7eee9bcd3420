#include "linkem/estimates.hpp"

#include <algorithm>
#include <cmath>

namespace dlab::linkem {
namespace {

std::int64_t delay_ns(const Arrival& arrival) {
  return arrival.received_ns - arrival.sent_ns;
}

// By number: those near an arrival that tells of a pause, and those missing on either side of it.
std::vector<bool> disturbed_probes(const ProbeResult& train, base::Duration jitter) {
  constexpr std::int64_t kLate = 500'000;
  constexpr std::size_t kNear = 100;
  const auto& arrivals = train.arrivals;
  std::vector<bool> disturbed(train.sent);
  if (arrivals.empty()) {
    return disturbed;
  }
  const auto fastest = delay_ns(*std::ranges::min_element(arrivals, {}, delay_ns));
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    const auto overlooked = i == 0 ? 0 : arrivals[i - 1].overlooked;
    if (delay_ns(arrivals[i]) <= fastest + kLate + jitter.count() &&
        arrivals[i].overlooked == overlooked) {
      continue;
    }
    const std::size_t first = i == 0 ? 0 : arrivals[i - 1].number;
    const std::size_t last = i + 1 < arrivals.size() ? arrivals[i + 1].number : train.sent;
    const auto begin = static_cast<std::ptrdiff_t>(first - std::min(first, kNear));
    const auto end = static_cast<std::ptrdiff_t>(std::min(last + kNear, train.sent));
    std::fill(disturbed.begin() + begin, disturbed.begin() + end, true);
  }
  return disturbed;
}

}  // namespace

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

std::optional<double> LossEstimate::share() const {
  return probes == 0 ? std::nullopt
                     : std::optional(static_cast<double>(lost) / static_cast<double>(probes));
}

LossEstimate loss_of(const ProbeResult& train, base::Duration jitter) {
  const auto disturbed = disturbed_probes(train, jitter);
  std::vector<bool> arrived(train.sent);
  for (const auto& arrival : train.arrivals) {
    arrived[arrival.number] = true;
  }
  LossEstimate estimate;
  for (std::size_t number = 0; number < train.sent; ++number) {
    estimate.probes += disturbed[number] ? 0U : 1U;
    estimate.lost += disturbed[number] || arrived[number] ? 0U : 1U;
  }
  return estimate;
}

std::optional<double> queue_of(const ProbeResult& train, base::Duration transmission,
                               bool until_first_drop) {
  if (train.arrivals.empty()) {
    return std::nullopt;
  }
  std::int64_t least = delay_ns(train.arrivals.front());
  std::int64_t most = least;
  std::uint32_t expected = 0;
  for (const auto& arrival : train.arrivals) {
    if (until_first_drop && arrival.number != expected++) {
      break;
    }
    const auto delay = delay_ns(arrival);
    least = std::min(least, delay);
    most = std::max(most, delay);
  }
  return static_cast<double>(most - least) / static_cast<double>(transmission.count());
}

}  // namespace dlab::linkem
