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

// Up to `bytes` at the front of a queue of ranges.
std::optional<ByteRange> look_at_front(const std::deque<ByteRange>& queue, std::uint64_t bytes) {
  return queue.empty() || bytes == 0 ? std::nullopt : std::optional(queue.front().front(bytes));
}

// The same, taken away.
std::optional<ByteRange> take_front(std::deque<ByteRange>& queue, std::uint64_t bytes) {
  const auto taken = look_at_front(queue, bytes);
  if (taken) {
    queue.front().begin = taken->end;
    if (queue.front().empty()) {
      queue.pop_front();
    }
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

std::uint64_t most_bytes_within(std::uint64_t window, unsigned connections) {
  return std::min(window, std::max(window / (2 * std::uint64_t{connections}), kSmallestHalf));
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

// Its own, or that of one that was not let in: the one that comes first in the file, for which what
// is written in order waits.
std::size_t StaticSchedule::queue_for(unsigned connection) const {
  std::size_t first = connection;
  for (unsigned other = 0; other < queues_.size(); ++other) {
    const bool is_free = !is_at_work(other) && !queues_[other].empty();
    if (is_free &&
        (queues_[first].empty() || queues_[other].front().begin < queues_[first].front().begin)) {
      first = other;
    }
  }
  return first;
}

std::optional<ByteRange> StaticSchedule::next(unsigned connection) const {
  return look_at_front(queues_[queue_for(connection)], most_bytes_);
}

std::optional<ByteRange> StaticSchedule::take(unsigned connection) {
  return take_front(queues_[queue_for(connection)], most_bytes_);
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
  chunk_bytes_ = std::min(chunk_bytes_, most_bytes_);
}

std::optional<ByteRange> DynamicSchedule::next(unsigned) const {
  const std::uint64_t left = queue_.empty() ? 0 : queue_.front().size();
  return look_at_front(queue_, std::min(next_chunk(left, chunk_bytes_), most_bytes_));
}

std::optional<ByteRange> DynamicSchedule::take(unsigned connection) {
  const auto range = next(connection);
  return range ? take_front(queue_, range->size()) : std::nullopt;
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

std::optional<ByteRange> CircleSchedule::next(unsigned) const {
  return ByteRange{next_, next_ + next_chunk(size_ - next_, chunk_bytes_)};
}

std::optional<ByteRange> CircleSchedule::take(unsigned connection) {
  const auto range = next(connection);
  next_ = range->end % size_;
  return range;
}

}  // namespace dlab::part3
