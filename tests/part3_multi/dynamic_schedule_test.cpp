#include <gtest/gtest.h>

#include "part3_multi/schedules.hpp"
#include "tests/part3_multi/board_steps.hpp"

namespace dlab::part3 {
namespace {

using storage::ByteRange;

constexpr std::uint64_t kSmallestHalf = std::uint64_t{16} << 10U;

double no_time() {
  return 0;
}

double a_year() {
  return 365 * 86400.0;
}

// Two connections with a task each and nothing in the queue.
struct TwoAtWork {
  explicit TwoAtWork(DynamicSchedule::RoundTrip round_trip = no_time)
      : board(3, kMiB, std::move(round_trip)),
        first(open_whole(board, 2 * kMiB, kMiB)),
        second(board.claim(1)) {
    make_slow(first);
    make_slow(second);
  }
  DynamicSchedule board;
  TaskPtr first;   // connection 0's: the first MiB
  TaskPtr second;  // connection 1's: the second
};

TEST(DynamicSchedule, chunks_leave_the_queue_in_order_and_the_last_one_is_what_is_left) {
  DynamicSchedule board(2, 40, no_time);
  EXPECT_EQ(asked(open_whole(board, 100, 40)), range(0, 40));
  EXPECT_EQ(asked(board.claim(1)), range(40, 80));
  EXPECT_EQ(asked(board.claim(0)), range(80, 100));
  EXPECT_EQ(asked(board.claim(1)), kNothing) << "too little to split";
}

TEST(DynamicSchedule, a_chunk_never_spans_what_is_here_already) {
  DynamicSchedule board(2, 40, no_time);
  board.open({{10, 20}, {50, 110}}, 0, {10, 20});
  EXPECT_EQ(asked(board.claim(1)), range(50, 90));
  EXPECT_EQ(asked(board.claim(1)), range(90, 110));
}

TEST(DynamicSchedule, the_size_of_chunks_follows_from_the_file) {
  DynamicSchedule board(4, 0, no_time);
  open_whole(board, 16 * kMiB, kMiB);
  EXPECT_EQ(asked(board.claim(1)), range(kMiB, 2 * kMiB)) << "a quarter of a quarter";
}

TEST(DynamicSchedule, the_next_request_is_taken_from_the_queue_only) {
  TwoAtWork at;
  EXPECT_EQ(asked(at.board.claim_next(*at.first)), kNothing);
  EXPECT_EQ(at.board.wanted(*at.second), kMiB) << "nothing was taken from the other";
}

TEST(DynamicSchedule, who_has_no_work_takes_the_later_half_of_the_largest_remainder) {
  TwoAtWork at;
  at.board.advance(*at.first, kMiB / 2);
  EXPECT_EQ(asked(at.board.claim(2)), range(kMiB + kMiB / 2, 2 * kMiB));
  EXPECT_EQ(at.board.wanted(*at.second), kMiB / 2);
  EXPECT_EQ(at.board.wanted(*at.first), kMiB / 2);
}

TEST(DynamicSchedule, a_remainder_is_halved_again_and_again_down_to_what_is_worth_a_request) {
  DynamicSchedule board(2, kMiB, no_time);
  const TaskPtr task = open_whole(board, kMiB, kMiB);
  make_slow(task);
  std::uint64_t left = kMiB;
  for (; left >= 2 * kSmallestHalf; left /= 2) {
    const TaskPtr half = board.claim(1);
    EXPECT_EQ(asked(half), range(left / 2, left));
    board.advance(*half, left / 2);
    board.close(half);
  }
  EXPECT_EQ(asked(board.claim(1)), kNothing);
  EXPECT_EQ(board.wanted(*task), left);
}

TEST(DynamicSchedule, behind_a_cut_answer_nothing_is_asked_on_the_same_stream) {
  TwoAtWork at;
  const TaskPtr half = at.board.claim(2);
  at.board.close(half);  // back in the queue
  EXPECT_EQ(asked(at.board.claim_next(*at.second)), asked(half)) << "uncut: may ask for more";
  EXPECT_EQ(asked(at.board.claim_next(*at.first)), kNothing);
}

TEST(DynamicSchedule, only_a_connections_last_request_is_cut) {
  DynamicSchedule board(2, kMiB, no_time);
  const TaskPtr current = open_whole(board, 2 * kMiB, kMiB);
  const TaskPtr next = board.claim_next(*current);
  make_slow(current);
  make_slow(next);
  EXPECT_EQ(asked(board.claim(1)), range(kMiB + kMiB / 2, 2 * kMiB));
  EXPECT_EQ(board.wanted(*current), kMiB) << "its answer is followed by another";
  EXPECT_EQ(board.wanted(*next), kMiB / 2);
}

TEST(DynamicSchedule, nothing_is_split_that_will_be_here_within_a_few_round_trips) {
  TwoAtWork at(a_year);
  EXPECT_EQ(asked(at.board.claim(2)), kNothing);
}

TEST(DynamicSchedule, what_a_dying_connection_leaves_undone_goes_to_whoever_comes_next) {
  DynamicSchedule board(3, 40, no_time);
  open_whole(board, 200, 40);
  const TaskPtr dying = board.claim(1);
  board.advance(*dying, 15);
  board.close(dying);
  EXPECT_EQ(asked(board.claim(2)), range(55, 80)) << "before the rest of the queue";
  EXPECT_EQ(asked(board.claim(2)), range(80, 120));
}

TEST(DynamicSchedule, of_a_cut_task_only_what_was_left_to_it_goes_back) {
  TwoAtWork at;
  at.board.advance(*at.first, kMiB - kSmallestHalf);
  EXPECT_EQ(asked(at.board.claim(2)), range(kMiB + kMiB / 2, 2 * kMiB));
  at.board.close(at.second);
  EXPECT_EQ(asked(at.board.claim(2)), range(kMiB, kMiB + kMiB / 2));
}

TEST(DynamicSchedule, a_task_that_was_overtaken_gives_nothing_back) {
  TwoAtWork at;
  at.board.claim(2);
  at.board.advance(*at.first, kMiB);  // more came in one piece than it still wanted
  EXPECT_EQ(at.board.wanted(*at.first), 0U);
  at.board.close(at.first);
  at.board.advance(*at.second, kMiB);
  at.board.close(at.second);
  EXPECT_EQ(asked(at.board.claim(1)), kNothing);
}

TEST(DynamicSchedule, after_the_end_nobody_gets_work) {
  DynamicSchedule board(2, 40, no_time);
  const TaskPtr first = open_whole(board, 200, 40);
  board.end();
  EXPECT_EQ(asked(board.claim(1)), kNothing);
  EXPECT_EQ(asked(board.claim_next(*first)), kNothing);
}

TEST(DynamicSchedule, an_empty_file_is_no_work_for_anybody) {
  DynamicSchedule board(2, 0, no_time);
  board.close(board.open({}, 0, {0, 0}));
  EXPECT_EQ(asked(board.claim(0)), kNothing);
  EXPECT_EQ(asked(board.claim(1)), kNothing);
}

}  // namespace
}  // namespace dlab::part3
