#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace dlab::base {

// The smallest of `values` that at least `share` (0 to 1) of them do not exceed: the nearest rank,
// type 1 of Hyndman and Fan (1996). Zero for no values.
template <typename Number>
Number quantile(std::vector<Number> values, double share) {
  if (values.empty()) {
    return Number{};
  }
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(values.size())));
  const auto place =
      values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::ranges::nth_element(values, place);
  return *place;
}

}  // namespace dlab::base
