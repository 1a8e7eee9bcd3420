#pragma once

#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/random.hpp"

namespace dlab::report {

// One packet, chunk or request; moments are seconds after t0 (docs/metrics.md, latency.csv).
struct LatencyRow {
  unsigned connection = 0;
  std::uint64_t index = 0;
  std::uint64_t offset_bytes = 0;
  std::uint64_t bytes = 0;
  std::optional<double> intended_s;
  double sent_s = 0;
  double first_byte_s = 0;
  std::optional<double> done_s = 0;  // nothing: it came, and was of no use
  std::optional<std::size_t> mirror;
};

// Keeps at most 20,000 rows, each row ever added with the same chance (Vitter 1985, algorithm R).
// Thread-safe.
class LatencyRows {
 public:
  static constexpr std::size_t kLimit = 20'000;

  explicit LatencyRows(std::uint64_t seed) : random_(seed) {}
  void add(const LatencyRow& row);
  // Writes what was kept as CSV, by time sent. Throws std::system_error.
  void write_csv(const std::string& path);

 private:
  std::mutex mutex_;
  base::SplitMix64 random_;       // guarded by mutex_
  std::uint64_t seen_ = 0;        // guarded by mutex_
  std::vector<LatencyRow> rows_;  // guarded by mutex_
};

}  // namespace dlab::report
