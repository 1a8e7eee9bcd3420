#pragma once

#include <cstdint>
#include <string_view>

namespace dlab::wire {

enum class RangeKind {
  whole,          // no range that we would send: the whole file with 200
  part,           // one range: 206
  unsatisfiable,  // 416
};

// What a Range field asks for.
struct AskedRange {
  RangeKind kind = RangeKind::whole;
  std::uint64_t begin = 0;  // of a part: bytes [begin, end), never empty
  std::uint64_t end = 0;
  bool operator==(const AskedRange&) const = default;
};

// The meaning of the Range field `field` for a file of `size` bytes (RFC 9110 section 14):
// "bytes=0-99", "bytes=500-", "bytes=-500". An end behind the file is cut. Several ranges, other
// units and nonsense are ignored, as the RFC allows or demands.
AskedRange parse_byte_range(std::string_view field, std::uint64_t size);

}  // namespace dlab::wire
