#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "common/base/units.hpp"

namespace dlab::download {

// What the command lines of all clients say of a download, whatever brings it.
struct Options {
  std::string output;                               // as find_target() has it
  std::optional<base::Duration> deadline;           // for all but the verification
  std::optional<base::BitRate> lowest_speed;        // on average over the stall timeout
  std::uint64_t window = std::uint64_t{64} << 20U;  // how far ahead of a stream bytes are asked for
};

}  // namespace dlab::download
