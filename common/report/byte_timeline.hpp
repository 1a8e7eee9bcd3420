#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "common/base/clock.hpp"

namespace dlab::report {

// How many bytes had come by when, in a fixed amount of memory: bins of 1 ms at first, which
// double their width each time they no longer reach. One thread writes.
class ByteTimeline {
 public:
  // `bytes` came at `since_t0`; times before t0 count as t0.
  void add(base::Duration since_t0, std::uint64_t bytes);

  // Bytes until `seconds` after t0, linear within a bin.
  [[nodiscard]] double bytes_until(double seconds) const;

  // At most `limit` pairs (seconds, bytes so far), at the ends of bins, from the first bin that
  // holds bytes to the last.
  [[nodiscard]] std::vector<std::pair<double, std::uint64_t>> points(std::size_t limit) const;

 private:
  void widen();

  static constexpr std::size_t kBins = 512;
  std::vector<std::uint64_t> bins_;  // grows to kBins
  base::Duration width_ = std::chrono::milliseconds(1);
};

}  // namespace dlab::report
