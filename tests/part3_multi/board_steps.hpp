#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "part3_multi/work_board.hpp"

namespace dlab::storage {

inline void PrintTo(const ByteRange& range, std::ostream* out) {
  *out << "[" << range.begin << ", " << range.end << ")";
}

}  // namespace dlab::storage

namespace dlab::part3 {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

// What a task was made for; nothing when there is no task.
inline std::optional<storage::ByteRange> asked(const TaskPtr& task) {
  return task ? std::optional(task->asked) : std::nullopt;
}

inline std::optional<storage::ByteRange> range(std::uint64_t begin, std::uint64_t end) {
  return storage::ByteRange{begin, end};
}

constexpr std::nullopt_t kNothing = std::nullopt;

// The whole file is missing and connection 0 brings its first bytes.
inline TaskPtr open_whole(WorkBoard& board, std::uint64_t size, std::uint64_t first) {
  return board.open({{0, size}}, 0, {0, first});
}

// As if the connection had been at it for long: whoever has no work will want to help.
inline void make_slow(const TaskPtr& task) {
  task->claimed -= std::chrono::hours(1);
}

// Everything that `connection` gets, one task after another, each received to its end.
inline std::vector<storage::ByteRange> bring_all(WorkBoard& board, unsigned connection) {
  std::vector<storage::ByteRange> ranges;
  while (const TaskPtr task = board.claim(connection)) {
    ranges.push_back(task->asked);
    board.advance(*task, task->asked.size());
    board.close(task);
  }
  return ranges;
}

}  // namespace dlab::part3
