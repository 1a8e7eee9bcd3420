#include "bench/runner/lateness.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "linkem/packets.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kMostLate = 20ms;
constexpr double kMostLatePct = 5;
// Acknowledgements that a pause of a millisecond held back come as a burst, which such a queue
// cannot take.
constexpr double kShortQueueSeconds = 2e-3;
constexpr double kMostLatePctOfShort = 1;

double most_late_pct(const linkem::NamedLink& link) {
  const double queue_bits = static_cast<double>(link.queue_packets * linkem::kMtu * 8);
  const bool is_short = queue_bits < kShortQueueSeconds * link.rate.bits_per_second;
  return is_short ? kMostLatePctOfShort : kMostLatePct;
}

}  // namespace

std::optional<std::string> too_late(const Lateness& lateness, const linkem::NamedLink& link) {
  const double most = most_late_pct(link);
  if (lateness.late_pct > most) {
    return "the emulator was late: more than " + std::to_string(std::lround(most)) +
           " % of the packets left over 1 ms later than due";
  }
  if (lateness.most > std::max(kMostLate, link.rtt)) {
    return "the emulator was late: a packet left later than due by over 20 ms and the round-trip "
           "time";
  }
  return std::nullopt;
}

}  // namespace dlab::bench
