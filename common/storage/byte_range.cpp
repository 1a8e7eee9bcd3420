#include "common/storage/byte_range.hpp"

#include <algorithm>

namespace dlab::storage {

std::vector<ByteRange> divide(ByteRange whole, std::uint64_t parts) {
  const std::uint64_t share = whole.size() / parts;
  const std::uint64_t larger = whole.size() % parts;
  std::vector<ByteRange> ranges;
  std::uint64_t begin = whole.begin;
  for (std::uint64_t i = 0; i < parts; ++i) {
    const std::uint64_t end = begin + share + (i < larger ? 1 : 0);
    ranges.push_back({begin, end});
    begin = end;
  }
  return ranges;
}

RangeSet::RangeSet(const std::vector<ByteRange>& ranges) {
  for (const auto& range : ranges) {
    add(range);
  }
}

std::uint64_t RangeSet::add(ByteRange range) {
  if (range.empty()) {
    return 0;
  }
  const std::uint64_t before = total_;
  auto next = ends_by_begin_.upper_bound(range.begin);
  if (next != ends_by_begin_.begin() && std::prev(next)->second >= range.begin) {
    --next;  // the range before it touches or overlaps
  }
  while (next != ends_by_begin_.end() && next->first <= range.end) {
    range.begin = std::min(range.begin, next->first);
    range.end = std::max(range.end, next->second);
    total_ -= next->second - next->first;
    next = ends_by_begin_.erase(next);
  }
  ends_by_begin_.emplace(range.begin, range.end);
  total_ += range.size();
  return total_ - before;
}

std::vector<ByteRange> RangeSet::missing(ByteRange whole) const {
  std::vector<ByteRange> gaps;
  std::uint64_t position = whole.begin;
  auto next = ends_by_begin_.upper_bound(whole.begin);
  if (next != ends_by_begin_.begin()) {
    --next;  // the range before it may reach into `whole`
  }
  for (; next != ends_by_begin_.end() && next->first < whole.end; ++next) {
    if (next->first > position) {
      gaps.push_back({position, next->first});
    }
    position = std::max(position, next->second);
  }
  if (position < whole.end) {
    gaps.push_back({position, whole.end});
  }
  return gaps;
}

std::vector<ByteRange> RangeSet::ranges() const {
  std::vector<ByteRange> list;
  for (const auto& [begin, end] : ends_by_begin_) {
    list.push_back({begin, end});
  }
  return list;
}

}  // namespace dlab::storage
