#include "part2_packets/gathering_sink.hpp"

namespace dlab::part2 {

GatheringSink::GatheringSink(storage::Sink& sink, std::size_t buffer_bytes)
    : sink_(sink), buffer_bytes_(buffer_bytes) {
  gathered_.reserve(buffer_bytes);
}

void GatheringSink::write_at(std::uint64_t offset, std::span<const std::byte> data) {
  const bool follows = offset == offset_ + gathered_.size();
  if (!follows || gathered_.size() + data.size() > buffer_bytes_) {
    flush();
    offset_ = offset;
  }
  if (data.size() >= buffer_bytes_ / 4) {  // copying this much costs more than a system call
    flush();
    sink_.write_at(offset, data);
    offset_ = offset + data.size();
    return;
  }
  gathered_.insert(gathered_.end(), data.begin(), data.end());
}

void GatheringSink::flush() {
  if (!gathered_.empty()) {
    sink_.write_at(offset_, gathered_);
    offset_ += gathered_.size();
    gathered_.clear();
  }
}

}  // namespace dlab::part2
