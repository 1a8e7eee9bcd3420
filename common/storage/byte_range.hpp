#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace dlab::storage {

// Bytes [begin, end) of a file.
struct ByteRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  [[nodiscard]] std::uint64_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return begin >= end; }
  // Its first `bytes`, or all of it when it has fewer.
  [[nodiscard]] ByteRange front(std::uint64_t bytes) const {
    return {begin, begin + std::min(size(), bytes)};
  }
  bool operator==(const ByteRange&) const = default;
};

// `whole` in `parts` neighbouring ranges whose sizes differ by at most one byte; the larger ones
// come first and empty ones last. `parts` at least 1.
std::vector<ByteRange> divide(ByteRange whole, std::uint64_t parts);

// A set of bytes, kept as disjoint ranges that do not touch. Not thread-safe.
class RangeSet {
 public:
  RangeSet() = default;
  explicit RangeSet(const std::vector<ByteRange>& ranges);

  // Adds `range` and returns how many of its bytes were new.
  std::uint64_t add(ByteRange range);

  // Which bytes of `whole` are not in the set?
  [[nodiscard]] std::vector<ByteRange> missing(ByteRange whole) const;
  [[nodiscard]] std::uint64_t total() const { return total_; }
  [[nodiscard]] std::vector<ByteRange> ranges() const;

 private:
  std::map<std::uint64_t, std::uint64_t> ends_by_begin_;
  std::uint64_t total_ = 0;
};

}  // namespace dlab::storage
