#include <gtest/gtest.h>

#include "common/wire/messages.hpp"
#include "part3_multi/schedules.hpp"
#include "tests/part3_multi/board_steps.hpp"

namespace dlab::part3 {
namespace {

constexpr std::uint64_t kKiB = std::uint64_t{1} << 10U;

TEST(ChunkSize, is_a_quarter_of_a_connections_share) {
  EXPECT_EQ(chunk_size(80 * kMiB, 20), kMiB);
}

TEST(ChunkSize, is_rounded_up_so_that_there_are_no_more_chunks_than_quarters) {
  EXPECT_EQ(chunk_size(80 * kMiB + 5, 20), kMiB + 1);
  EXPECT_EQ(chunk_size(80 * kMiB - 5, 20), kMiB);
}

TEST(DynamicChunks, are_none_smaller_than_half_of_the_others) {
  for (const std::uint64_t size : {2 * 64 * kKiB + 5, 30 * kMiB + 5, kMiB - 1, 2048 * kMiB + 5}) {
    for (const unsigned connections : {2U, 5U, 20U}) {
      DynamicSchedule board(connections, 0, [] { return 1e9; });
      const std::uint64_t first = chunk_size(size, connections);
      board.close(open_whole(board, size, first));
      for (const auto& range : bring_all(board, 1)) {
        EXPECT_GE(range.size(), first / 2) << size << " bytes over " << connections;
        EXPECT_LT(range.size(), first + first / 2) << size << " bytes over " << connections;
      }
    }
  }
}

TEST(ChunkSize, lies_between_64_KiB_and_16_MiB) {
  for (const std::uint64_t bytes : {std::uint64_t{0}, kKiB, kMiB, 1024 * kMiB, UINT64_MAX}) {
    for (const unsigned connections : {2U, 20U, 1000U}) {
      const std::uint64_t chunk = chunk_size(bytes, connections);
      EXPECT_GE(chunk, 64 * kKiB);
      EXPECT_LE(chunk, 16 * kMiB);
    }
  }
}

TEST(ChunkSize, is_everything_for_one_connection_and_never_zero) {
  EXPECT_EQ(chunk_size(1024 * kMiB, 1), 1024 * kMiB);
  EXPECT_EQ(chunk_size(0, 1), 1U);
}

TEST(FirstRange, of_one_connection_is_the_whole_file) {
  for (const bool divided : {false, true}) {
    const FirstRange first = first_range(1, 0, divided);
    EXPECT_EQ(first.most_bytes, wire::kToTheEnd);
    EXPECT_EQ(first.share, 1U);
  }
}

TEST(FirstRange, of_the_static_schedule_is_an_equal_share) {
  const FirstRange first = first_range(20, 0, true);
  EXPECT_EQ(first.most_bytes, wire::kToTheEnd);
  EXPECT_EQ(first.share, 20U);
}

TEST(FirstRange, of_the_dynamic_schedule_is_a_quarter_of_a_share_and_at_most_16_MiB) {
  const FirstRange first = first_range(1000, 0, false);
  EXPECT_EQ(first.most_bytes, 16 * kMiB);
  EXPECT_EQ(first.share, 4000U);
}

TEST(FirstRange, is_a_chunk_when_the_size_of_chunks_was_asked_for) {
  const FirstRange first = first_range(20, 5000, false);
  EXPECT_EQ(first.most_bytes, 5000U);
  EXPECT_EQ(first.share, 1U);
}

TEST(CircleSchedule, begins_again_at_the_front_and_never_ends) {
  CircleSchedule board(2, 40);
  EXPECT_EQ(asked(open_whole(board, 100, 40)), range(0, 40));
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(asked(board.claim(0)), range(40, 80));
    EXPECT_EQ(asked(board.claim(1)), range(80, 100)) << "no chunk goes over the end";
    EXPECT_EQ(asked(board.claim(0)), range(0, 40));
  }
}

TEST(CircleSchedule, a_few_bytes_before_the_end_are_no_chunk_of_their_own) {
  CircleSchedule board(2, 40);
  EXPECT_EQ(asked(open_whole(board, 85, 40)), range(0, 40));
  EXPECT_EQ(asked(board.claim(0)), range(40, 85));
  EXPECT_EQ(asked(board.claim(1)), range(0, 40));
}

TEST(CircleSchedule, starts_over_at_once_when_the_first_request_brought_the_whole_file) {
  CircleSchedule board(1, 0);
  const TaskPtr first = open_whole(board, 100, 100);
  EXPECT_EQ(asked(board.claim_next(*first)), range(0, 100));
}

TEST(CircleSchedule, what_a_dying_connection_leaves_undone_comes_round_again) {
  CircleSchedule board(2, 40);
  board.close(open_whole(board, 100, 40));
  EXPECT_EQ(asked(board.claim(1)), range(40, 80));
  EXPECT_EQ(asked(board.claim(1)), range(80, 100));
  EXPECT_EQ(asked(board.claim(1)), range(0, 40));
}

TEST(TotalSize, adds_up) {
  EXPECT_EQ(total_size({}), 0U);
  EXPECT_EQ(total_size({{0, 10}, {20, 21}}), 11U);
}

}  // namespace
}  // namespace dlab::part3
