#pragma once

#include <cstdint>
#include <optional>
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

// What a Content-Range field says of an answer.
struct SentRange {
  std::uint64_t begin = 0;  // bytes [begin, end) follow; none when both are 0
  std::uint64_t end = 0;
  std::optional<std::uint64_t> size;  // of the whole file; none: not told
  bool operator==(const SentRange&) const = default;
};

// "bytes 0-99/1000", "bytes 0-99/*" or, with 416, "bytes */1000" (RFC 9110 section 14.4). Nothing
// for other units, for nonsense, and for bytes that the file would not have.
std::optional<SentRange> parse_content_range(std::string_view field);

}  // namespace dlab::wire
