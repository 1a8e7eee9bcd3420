#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <limits>
#include <utility>

#include "part3_multi/work_board.hpp"

namespace dlab::part3 {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();

// `static`: what is missing is divided once, an equal number of bytes for each connection. The
// slowest connection decides when it ends.
class StaticSchedule : public WorkBoard {
 public:
  // `most_bytes`: of a request.
  explicit StaticSchedule(unsigned connections, std::uint64_t most_bytes = kNoLimit)
      : WorkBoard(connections), most_bytes_(most_bytes), queues_(connections) {}

 protected:
  void fill(const std::vector<storage::ByteRange>& missing, unsigned connection,
            storage::ByteRange first) override;
  [[nodiscard]] std::optional<storage::ByteRange> next(unsigned connection) const override;
  std::optional<storage::ByteRange> take(unsigned connection) override;
  void give_back(unsigned connection, storage::ByteRange range) override;

 private:
  [[nodiscard]] std::size_t queue_for(unsigned connection) const;

  std::uint64_t most_bytes_;
  std::vector<std::deque<storage::ByteRange>> queues_;  // one for each connection
};

// `dynamic`: a queue of chunks; who finishes takes more. A last chunk of less than half the size
// goes with the one before it. When the queue is empty, a connection
// without work takes half of the largest remainder of another, so that nobody is waited for.
class DynamicSchedule : public WorkBoard {
 public:
  // How long is one round trip, in seconds? Asked when somebody's remainder may be split: below a
  // few round trips it is not worth it.
  using RoundTrip = std::function<double()>;

  // `chunk_bytes`: 0 lets the size of the file decide. `most_bytes`: of a request.
  DynamicSchedule(unsigned connections, std::uint64_t chunk_bytes, RoundTrip round_trip,
                  std::uint64_t most_bytes = kNoLimit)
      : WorkBoard(connections),
        connections_(connections),
        chunk_bytes_(chunk_bytes),
        most_bytes_(most_bytes),
        round_trip_(std::move(round_trip)) {}

 protected:
  void fill(const std::vector<storage::ByteRange>& missing, unsigned connection,
            storage::ByteRange first) override;
  [[nodiscard]] std::optional<storage::ByteRange> next(unsigned connection) const override;
  std::optional<storage::ByteRange> take(unsigned connection) override;
  std::optional<storage::ByteRange> take_from_others(unsigned connection) override;
  void give_back(unsigned connection, storage::ByteRange range) override;

 private:
  bool worth_splitting(const Task& task) const;

  unsigned connections_;
  std::uint64_t chunk_bytes_;
  std::uint64_t most_bytes_;
  RoundTrip round_trip_;
  std::deque<storage::ByteRange> queue_;
};

// For timed runs: chunks of the whole file in a circle, without end.
class CircleSchedule : public WorkBoard {
 public:
  CircleSchedule(unsigned connections, std::uint64_t chunk_bytes)
      : WorkBoard(connections), connections_(connections), chunk_bytes_(chunk_bytes) {}

 protected:
  void fill(const std::vector<storage::ByteRange>& missing, unsigned connection,
            storage::ByteRange first) override;
  [[nodiscard]] std::optional<storage::ByteRange> next(unsigned connection) const override;
  std::optional<storage::ByteRange> take(unsigned connection) override;
  void give_back(unsigned, storage::ByteRange) override {}

 private:
  unsigned connections_;
  std::uint64_t chunk_bytes_;
  std::uint64_t size_ = 0;
  std::uint64_t next_ = 0;
};

std::uint64_t total_size(const std::vector<storage::ByteRange>& ranges);

// What a first request asks for while the size of the file is unknown: at most so many bytes, and
// no more than a `share`-th of the file.
struct FirstRange {
  std::uint64_t most_bytes;
  std::uint16_t share;
};
FirstRange first_range(unsigned connections, std::uint64_t chunk_bytes, bool divided);

// The longest request of a download that is written in order, with bytes asked for at most `window`
// ahead: so that each connection can have two under way.
std::uint64_t most_bytes_within(std::uint64_t window, unsigned connections);

// The size of chunks for `bytes` over `connections`: a quarter of each connection's share, rounded
// up, between 64 KiB and 16 MiB; all of it when there is one connection.
std::uint64_t chunk_size(std::uint64_t bytes, unsigned connections);

}  // namespace dlab::part3
