#include "part3_multi/schedules.hpp"

#include <algorithm>

#include "common/wire/messages.hpp"

namespace dlab::part3 {
namespace {

using storage::ByteRange;

constexpr std::uint64_t kSmallestChunk = std::uint64_t{64} << 10U;
constexpr std::uint64_t kLargestChunk = std::uint64_t{16} << 20U;
constexpr std::uint64_t kChunksPerConnection = 4;

// A remainder is split only when both halves are worth a request of their own.
constexpr std::uint64_t kSmallestHalf = std::uint64_t{16} << 10U;
constexpr double kRoundTripsToGain = 4;
constexpr double kSecondsToGain = 0.01;

// How much of `left` bytes is the next chunk of `chunk` bytes? All of it when less than half a
// chunk would stay: a request for a few bytes costs a round trip like any other.
std::uint64_t next_chunk(std::uint64_t left, std::uint64_t chunk) {
  return left < chunk + chunk / 2 ? left : chunk;
}

// Takes up to `bytes` from the front of a queue of ranges.
std::optional<ByteRange> take_front(std::deque<ByteRange>& queue, std::uint64_t bytes) {
  if (queue.empty() || bytes == 0) {
    return std::nullopt;
  }
  ByteRange& front = queue.front();
  const ByteRange taken{front.begin, front.begin + std::min(front.size(), bytes)};
  front.begin = taken.end;
  if (front.empty()) {
    queue.pop_front();
  }
  return taken;
}

}  // namespace

std::uint64_t chunk_size(std::uint64_t bytes, unsigned connections) {
  if (connections == 1) {
    return std::max<std::uint64_t>(bytes, 1);
  }
  const std::uint64_t chunks = connections * kChunksPerConnection;
  const std::uint64_t rounded_up = bytes / chunks + (bytes % chunks == 0 ? 0 : 1);
  return std::clamp(rounded_up, kSmallestChunk, kLargestChunk);
}

FirstRange first_range(unsigned connections, std::uint64_t chunk_bytes, bool divided) {
  if (connections == 1 && chunk_bytes == 0) {
    return {wire::kToTheEnd, 1};
  }
  if (divided) {
    return {wire::kToTheEnd, static_cast<std::uint16_t>(connections)};
  }
  if (chunk_bytes != 0) {
    return {chunk_bytes, 1};
  }
  return {kLargestChunk, static_cast<std::uint16_t>(connections * kChunksPerConnection)};
}

std::uint64_t total_size(const std::vector<ByteRange>& ranges) {
  std::uint64_t total = 0;
  for (const auto& range : ranges) {
    total += range.size();
  }
  return total;
}

// The missing bytes in order, cut into as many equal shares as there are connections.
void StaticSchedule::fill(const std::vector<ByteRange>& missing, unsigned connection,
                          ByteRange first) {
  std::deque<ByteRange> rest(missing.begin(), missing.end());
  const auto shares = storage::divide({0, total_size(missing)}, queues_.size());
  for (std::size_t i = 0; i < queues_.size(); ++i) {
    for (std::uint64_t left = shares[i].size(); left > 0;) {
      const auto range = take_front(rest, left);
      queues_[i].push_back(*range);
      left -= range->size();
    }
  }
  take_front(queues_[connection], first.size());
}

std::optional<ByteRange> StaticSchedule::take(unsigned connection) {
  auto& queue = queues_[connection];
  return queue.empty() ? std::nullopt : take_front(queue, queue.front().size());
}

std::optional<ByteRange> StaticSchedule::take_from_others(unsigned) {
  for (unsigned other = 0; other < queues_.size(); ++other) {
    if (!is_at_work(other) && !queues_[other].empty()) {
      return take(other);
    }
  }
  return std::nullopt;
}

void StaticSchedule::give_back(unsigned connection, ByteRange range) {
  queues_[connection].push_front(range);
}

void DynamicSchedule::fill(const std::vector<ByteRange>& missing, unsigned, ByteRange first) {
  queue_.assign(missing.begin(), missing.end());
  take_front(queue_, first.size());
  if (chunk_bytes_ == 0) {
    chunk_bytes_ = chunk_size(total_size(missing), connections_);
  }
}

std::optional<ByteRange> DynamicSchedule::take(unsigned) {
  return queue_.empty() ? std::nullopt
                        : take_front(queue_, next_chunk(queue_.front().size(), chunk_bytes_));
}

void DynamicSchedule::give_back(unsigned, ByteRange range) {
  queue_.push_front(range);
}

bool DynamicSchedule::worth_splitting(const Task& task) const {
  const std::uint64_t remainder = task.end - std::min(task.position, task.end);
  if (remainder < 2 * kSmallestHalf) {
    return false;
  }
  const double elapsed = base::to_seconds(base::Clock::now() - task.claimed);
  const auto received = static_cast<double>(task.position - task.asked.begin);
  const double seconds_left =
      received > 0 ? static_cast<double>(remainder) * elapsed / received : elapsed;
  return seconds_left > kRoundTripsToGain * round_trip_() + kSecondsToGain;
}

std::optional<ByteRange> DynamicSchedule::take_from_others(unsigned) {
  // Only the last task of a connection may be cut: behind a cut one its stream cannot be used.
  std::vector<TaskPtr> last(connections_);
  for (const auto& task : tasks()) {
    last[task->connection] = task;
  }
  TaskPtr largest;
  for (const auto& task : last) {
    const bool larger =
        task && (!largest || task->end - task->position > largest->end - largest->position);
    if (larger && worth_splitting(*task)) {
      largest = task;
    }
  }
  if (!largest) {
    return std::nullopt;
  }
  const std::uint64_t half = (largest->end - largest->position) / 2;
  const ByteRange taken{largest->end - half, largest->end};
  largest->end = taken.begin;
  return taken;
}

void CircleSchedule::fill(const std::vector<ByteRange>& missing, unsigned, ByteRange first) {
  size_ = total_size(missing);
  next_ = first.end % size_;
  if (chunk_bytes_ == 0) {
    chunk_bytes_ = chunk_size(size_, connections_);
  }
}

std::optional<ByteRange> CircleSchedule::take(unsigned) {
  const ByteRange range{next_, next_ + next_chunk(size_ - next_, chunk_bytes_)};
  next_ = range.end % size_;
  return range;
}

}  // namespace dlab::part3
