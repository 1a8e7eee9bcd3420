#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "common/base/units.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/sink.hpp"

namespace dlab::part1 {

// What is done with received bytes, in the order of the file: written, hashed, and, when `work` is
// given, laboured over so that processing takes time. One thread at a time.
class BlockProcessor {
 public:
  // `hash`: whether the content's digest is wanted. `work`: the rate at which one CPU can process
  // bytes. `sink` must outlive the processor.
  BlockProcessor(storage::Sink& sink, bool hash, std::optional<base::BitRate> work);

  // Throws what the sink throws.
  void process(std::uint64_t offset, std::span<const std::byte> data);

  // The digest of all that was processed; nothing when it was not wanted. To be called once.
  std::optional<storage::Sha256Value> finish();

 private:
  storage::Sink& sink_;
  std::optional<storage::Sha256> sha256_;
  std::optional<base::BitRate> work_;
};

}  // namespace dlab::part1
