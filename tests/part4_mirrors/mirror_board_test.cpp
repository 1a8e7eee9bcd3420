// The board between many threads; runs under ThreadSanitizer too.

#include "part4_mirrors/mirror_board.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <thread>

#include "common/base/random.hpp"

namespace dlab::part4 {
namespace {

constexpr std::uint64_t kSize = std::uint64_t{4} << 20U;
constexpr std::uint64_t kPiece = 3000;

// A worker's life. One piece in `luck` is the end of its connection; 0: never.
void live(MirrorBoard& board, unsigned worker, std::uint64_t luck) {
  base::SplitMix64 random(worker);
  while (const auto decision = board.claim()) {
    auto ending = Ending::complete;
    while (const std::uint64_t wanted = board.wanted(decision->id)) {
      if (luck != 0 && random.below(luck) == 0) {
        ending = Ending::stopped;
        break;
      }
      board.received(decision->id, std::min(wanted, kPiece));
      board.judge(decision->id);
    }
    board.ended(decision->id, ending, "");
  }
}

std::uint64_t bytes_brought(const Rules& rules, std::uint64_t luck) {
  ChunkSchedule schedule(rules, 3, kSize, 40, {});
  MirrorBoard board(schedule);
  {
    std::vector<std::jthread> threads;
    for (unsigned worker = 0; worker < 8; ++worker) {
      threads.emplace_back([&board, worker, luck] { live(board, worker, luck); });
    }
  }
  EXPECT_TRUE(schedule.lost().empty());
  return schedule.received_bytes();
}

TEST(MirrorBoard, many_threads_bring_every_byte) {
  EXPECT_EQ(bytes_brought({}, 0), kSize);
}

TEST(MirrorBoard, many_threads_bring_every_byte_though_connections_end_and_helpers_come) {
  const Rules rules{.select = Select::adaptive, .steal = true, .race = true, .replace = true};
  EXPECT_EQ(bytes_brought(rules, 50), kSize);
}

TEST(MirrorBoard, the_end_frees_all_who_wait_and_its_first_reason_counts) {
  ChunkSchedule schedule({}, 1, 100, 1, {});
  MirrorBoard board(schedule);
  const auto decision = board.claim();
  std::atomic<int> freed = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] { freed += board.claim() ? 0 : 1; });
    }
    board.end(std::make_exception_ptr(std::runtime_error("disk full")));
    board.end(nullptr);
  }
  EXPECT_EQ(freed, 4);
  EXPECT_EQ(board.wanted(decision->id), 0U);
  EXPECT_EQ(board.judge(decision->id), Verdict::not_wanted);
  EXPECT_THROW(board.rethrow_error(), std::runtime_error);
}

TEST(MirrorBoard, what_breaks_off_after_the_end_is_no_mirrors_failure) {
  ChunkSchedule schedule({}, 1, 100, 1, {});
  MirrorBoard board(schedule);
  const auto decision = board.claim();
  board.end(nullptr);
  board.ended(decision->id, Ending::failed, "reset");
  board.rethrow_error();
  EXPECT_EQ(schedule.failures(), 0U);
  EXPECT_FALSE(board.has_delivered(0, std::chrono::hours(1)));
}

}  // namespace
}  // namespace dlab::part4
