#include "bench/runner/comparisons.hpp"

#include <cmath>
#include <cstdio>
#include <utility>

namespace dlab::bench {
namespace {

double or_zero(double value) {
  return std::isfinite(value) ? value : 0;
}

// What the whole interval says about a target.
const char* verdict(const RatioEstimate& estimate, double target) {
  if (estimate.interval && estimate.interval->first >= target) {
    return "reached";
  }
  return estimate.interval && estimate.interval->second < target ? "missed" : "cannot tell";
}

}  // namespace

void Comparisons::begin_block(std::size_t cells) {
  blocks_.emplace_back(cells);
}

void Comparisons::add(std::size_t cell, const RunRow& row) {
  if (row.get("status") == "ok") {
    blocks_.back()[cell] = {or_zero(row.number("goodput_mbit_s")),
                            or_zero(row.number("duration_s")),
                            or_zero(row.number("wall_s") - row.number("startup_s")),
                            or_zero(row.number("latency_p99_s"))};
  }
}

double Comparisons::speed(const Figures& figures, Measure measure) {
  const auto one_over = [](double seconds) {
    return seconds > 0 ? 1 / seconds : 0;
  };
  switch (measure) {
    case Measure::goodput:
      return figures.goodput;
    case Measure::duration:
      return one_over(figures.duration);
    case Measure::transfer:
      return one_over(figures.transfer);
    case Measure::latency_p99:
      return one_over(figures.latency_p99);
  }
  return 0;
}

std::vector<RatioEstimate> Comparisons::estimates() const {
  std::vector<RatioEstimate> estimates;
  for (const auto& pair : pairs_) {
    std::vector<std::pair<double, double>> speeds;
    for (const auto& block : blocks_) {
      speeds.emplace_back(speed(block[pair.of], pair.measure), speed(block[pair.to], pair.measure));
    }
    estimates.push_back(estimate_ratio(speeds));
  }
  return estimates;
}

std::string describe(const CellPair& pair, const RatioEstimate& estimate, bool may_judge) {
  char text[160] = "no pairs";
  int length = 0;
  if (estimate.n > 0) {
    length = std::snprintf(text, sizeof text, "n %zu  %.3f (above 1 is faster)", estimate.n,
                           estimate.geometric_mean);
  }
  std::string line = pair.name + ": " + text;
  if (length > 0 && estimate.interval) {
    std::snprintf(text, sizeof text, " [%.3f, %.3f]  median %.3f", estimate.interval->first,
                  estimate.interval->second, estimate.median);
    line += text;
  }
  if (length > 0 && pair.target) {
    std::snprintf(text, sizeof text, "  target %.2f: %s", *pair.target,
                  may_judge ? verdict(estimate, *pair.target) : "no verdict");
    line += text;
  }
  return line;
}

}  // namespace dlab::bench
