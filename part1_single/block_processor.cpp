#include "part1_single/block_processor.hpp"

#include <ctime>

namespace dlab::part1 {
namespace {

double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

// Keeps this CPU busy. CPU time is counted and not time on the wall: work that had to wait for the
// processor is still work to be done, which is what makes one CPU different from two.
void labour(double seconds) {
  const double end = thread_cpu_seconds() + seconds;
  while (thread_cpu_seconds() < end) {
  }
}

}  // namespace

BlockProcessor::BlockProcessor(storage::Sink& sink, bool hash, std::optional<base::BitRate> work)
    : sink_(sink), work_(work) {
  if (hash) {
    sha256_.emplace();
  }
}

void BlockProcessor::process(std::uint64_t offset, std::span<const std::byte> data) {
  sink_.write_at(offset, data);
  if (sha256_) {
    sha256_->update(data);
  }
  if (work_) {
    labour(static_cast<double>(data.size()) / work_->bytes_per_second());
  }
}

std::optional<storage::Sha256Value> BlockProcessor::finish() {
  if (!sha256_) {
    return std::nullopt;
  }
  return sha256_->finish();
}

}  // namespace dlab::part1
