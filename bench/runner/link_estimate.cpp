#include "bench/runner/link_estimate.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "bench/runner/mirrors.hpp"
#include "bench/runner/run_network.hpp"

namespace dlab::bench {
namespace {

bool takes_loss_for_congestion(const Cell& cell) {
  return setting(cell.settings, "congestion_requested") != "bbr";
}

}  // namespace

double expected_rate(const Cell& cell) {
  const auto link = link_of(cell);
  if (!link) {
    return std::numeric_limits<double>::infinity();
  }
  constexpr double kSegmentBits = 1448 * 8;
  constexpr double kMathis = 1.2;
  constexpr double kPayload = 0.965;  // of a full packet
  const double losses = link->loss.probability / link->loss.burst_packets;
  double each = number_setting(cell.settings, "limit_rate_mbit_s", 1e6) * 1e6;
  if (losses > 0 && takes_loss_for_congestion(cell)) {
    each =
        std::min(each, kMathis * kSegmentBits / (base::to_seconds(link->rtt) * std::sqrt(losses)));
  }
  return std::min(link->rate.bits_per_second * kPayload * rate_of_mirrors(cell.settings),
                  each * number_setting(cell.settings, "connections", 1));
}

double estimate_link_s(const Cell& cell, double bytes) {
  const auto link = link_of(cell);
  if (!link || bytes == 0) {
    return 0;
  }
  constexpr double kRoundTrips = 8;  // handshake and slow start
  const double background_s = number_setting(cell.settings, "background_flows", 0) > 0 ? 5 : 0;
  return background_s + kRoundTrips * base::to_seconds(link->rtt) + 8 * bytes / expected_rate(cell);
}

double load_on_the_machine(const Cell& cell) {
  const auto link = link_of(cell);
  if (!link || !mirrors_of(cell.settings).empty()) {
    return std::numeric_limits<double>::infinity();
  }
  const bool background = number_setting(cell.settings, "background_flows", 0) > 0;
  return background ? link->rate.bits_per_second : expected_rate(cell);
}

}  // namespace dlab::bench
