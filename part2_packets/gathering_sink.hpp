#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "common/base/page_buffer.hpp"
#include "common/storage/sink.hpp"

namespace dlab::part2 {

// Gathers pieces that follow one another in the file, so that small packets do not cost a write(2)
// each. One thread at a time.
class GatheringSink : public storage::Sink {
 public:
  // Hands at most about `buffer_bytes` at once to `sink`, which must outlive this.
  GatheringSink(storage::Sink& sink, std::size_t buffer_bytes);

  void write_at(std::uint64_t offset, std::span<const std::byte> data) override;
  // Hands over what was gathered: to be called once all is written. Without it, it is lost.
  void flush();

 private:
  storage::Sink& sink_;
  std::size_t buffer_bytes_;
  base::PageBuffer gathered_;
  std::uint64_t offset_ = 0;  // of what was gathered
};

}  // namespace dlab::part2
