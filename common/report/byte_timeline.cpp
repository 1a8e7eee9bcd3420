#include "common/report/byte_timeline.hpp"

#include <algorithm>

namespace dlab::report {

void ByteTimeline::add(base::Duration since_t0, std::uint64_t bytes) {
  const auto time = std::max(since_t0, base::Duration::zero());
  while (time / width_ >= static_cast<std::int64_t>(kBins)) {
    widen();
  }
  const auto bin = static_cast<std::size_t>(time / width_);
  if (bin >= bins_.size()) {
    bins_.resize(bin + 1);
  }
  bins_[bin] += bytes;
}

// Neighbours merge in pairs.
void ByteTimeline::widen() {
  for (std::size_t i = 0; i < bins_.size(); i += 2) {
    bins_[i / 2] = bins_[i] + (i + 1 < bins_.size() ? bins_[i + 1] : 0);
  }
  bins_.resize((bins_.size() + 1) / 2);
  width_ *= 2;
}

double ByteTimeline::bytes_until(double seconds) const {
  const double position = seconds / base::to_seconds(width_);
  double bytes = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    const double part = std::clamp(position - static_cast<double>(i), 0.0, 1.0);
    bytes += part * static_cast<double>(bins_[i]);
  }
  return bytes;
}

std::vector<std::pair<double, std::uint64_t>> ByteTimeline::points(std::size_t limit) const {
  const std::size_t step = std::max<std::size_t>(1, (bins_.size() + limit - 1) / limit);
  std::vector<std::pair<double, std::uint64_t>> points;
  std::uint64_t bytes = 0;
  for (std::size_t i = 0; i < bins_.size(); ++i) {
    bytes += bins_[i];
    const bool at_step = (i + 1) % step == 0 || i + 1 == bins_.size();
    if (at_step && bytes > 0) {
      points.emplace_back(static_cast<double>(i + 1) * base::to_seconds(width_), bytes);
    }
  }
  return points;
}

}  // namespace dlab::report
