#include "linkem/counters.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace dlab::linkem {

std::uint64_t DelayHistogram::total() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::uint64_t{0});
}

base::Duration DelayHistogram::middle_of(std::size_t bucket) {
  if (bucket < kSteps) {
    return base::Duration(static_cast<std::int64_t>(bucket) * 1000);
  }
  const auto shift = (bucket >> kStepBits) - 1;
  const auto low = static_cast<std::int64_t>((bucket - (shift << kStepBits)) << shift);
  const auto width = std::int64_t{1} << shift;
  return base::Duration(low * 1000 + (width - 1) * 500);
}

base::Duration DelayHistogram::percentile(double share) const {
  const auto wanted = std::max(1.0, std::ceil(share * static_cast<double>(total())));
  double seen = 0;
  for (std::size_t bucket = 0; bucket < counts_.size(); ++bucket) {
    seen += counts_[bucket];
    if (seen >= wanted) {
      return middle_of(bucket);
    }
  }
  return {};
}

}  // namespace dlab::linkem
