#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/base/clock.hpp"
#include "common/storage/byte_range.hpp"
#include "part4_mirrors/rate_meter.hpp"

namespace dlab::part4 {

// Where a file of unknown size ends: the largest place that a file can have.
constexpr std::uint64_t kUnknownEnd = std::numeric_limits<std::int64_t>::max();

// Missing bytes of one chunk that are to be asked for together, and from whom in vain.
struct Piece {
  std::size_t chunk = 0;
  storage::ByteRange range;
  std::size_t first = 0;    // the mirror at which rotation begins
  std::vector<bool> tried;  // by mirror: it has been asked for these bytes and did not bring them
};

// Bytes of one chunk that are not here.
struct MissingBytes {
  std::size_t chunk = 0;
  storage::ByteRange range;
  bool operator==(const MissingBytes&) const = default;
};

using AskId = std::uint64_t;

// A piece that a mirror has been asked for and that is coming in.
struct Ask {
  Piece piece;  // what the mirror was asked for, and will send
  std::size_t mirror = 0;
  std::uint64_t position = 0;  // received up to here
  std::uint64_t end = 0;  // wanted up to here: less than asked once another has taken over a part
  base::TimePoint started{};
  base::TimePoint progress_at{};  // the last byte, or the start
  RateMeter goodput;
  std::optional<AskId> rival;  // who was asked for the same bytes
  bool is_streamed = false;    // over a connection that brings the whole file, from its front

  [[nodiscard]] std::uint64_t left() const { return end - std::min(position, end); }
  [[nodiscard]] bool has_begun() const { return position > piece.range.begin; }
};

using Asks = std::map<AskId, Ask>;

// What a mirror has been asked for and not yet sent.
struct Load {
  unsigned asks = 0;
  std::uint64_t bytes = 0;
};

// One mirror's failure to bring bytes of a chunk: a line of the chunk's trail.
struct Failure {
  std::size_t mirror = 0;
  std::string reason;
  bool operator==(const Failure&) const = default;
};

}  // namespace dlab::part4
