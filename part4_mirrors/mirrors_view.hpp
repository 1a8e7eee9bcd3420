#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "part4_mirrors/chunk_schedule.hpp"

namespace dlab::part4 {

// How a download from many mirrors stands at one moment, for somebody to look at.
struct MirrorsView {
  struct Mirror {
    std::uint64_t bytes = 0;        // that it has brought
    std::optional<double> goodput;  // bytes per second
    std::size_t asks = 0;           // ranges that it is asked for now
    base::Duration rests{0};        // it is left alone for so long
    bool is_busy = false;           // because it has asked for that
    bool given_up = false;
    std::string reason;  // of its last failure; empty: none
  };
  // Bytes that a mirror has been asked for and that have not come.
  struct Coming {
    std::size_t mirror = 0;
    storage::ByteRange range;
  };

  std::optional<std::uint64_t> size;  // of the file; nothing while it is unknown
  std::uint64_t have = 0;
  std::vector<storage::ByteRange> missing;  // from the front
  std::vector<Coming> coming;
  std::vector<Mirror> mirrors;
};

MirrorsView view_of(const ChunkSchedule& schedule, base::TimePoint now);
// Before anything is known of the file: of each mirror, whether it is busy.
MirrorsView view_of(const std::vector<BusyPeriod>& busy, base::TimePoint now);

}  // namespace dlab::part4
