#include <gtest/gtest.h>

#include <algorithm>

#include "common/wire/messages.hpp"
#include "part3_multi/schedules.hpp"
#include "tests/part3_multi/board_steps.hpp"

namespace dlab::part3 {
namespace {

using storage::ByteRange;

TEST(StaticSchedule, shares_are_equal_within_a_byte) {
  StaticSchedule board(3);
  const TaskPtr first = open_whole(board, 100, 34);
  EXPECT_EQ(asked(first), range(0, 34));
  EXPECT_EQ(asked(board.claim(1)), range(34, 67));
  EXPECT_EQ(asked(board.claim(2)), range(67, 100));
}

TEST(StaticSchedule, who_has_brought_its_share_gets_no_more) {
  StaticSchedule board(2);
  const TaskPtr first = open_whole(board, 100, 50);
  EXPECT_EQ(asked(board.claim_next(*first)), kNothing);
  board.advance(*first, 50);
  board.close(first);
  EXPECT_EQ(asked(board.claim(0)), kNothing) << "connection 1's share is connection 1's";
  EXPECT_EQ(asked(board.claim(1)), range(50, 100));
}

TEST(StaticSchedule, more_connections_than_bytes_leave_some_without_work) {
  StaticSchedule board(5);
  EXPECT_EQ(asked(open_whole(board, 2, 1)), range(0, 1));
  EXPECT_EQ(asked(board.claim(1)), range(1, 2));
  for (const unsigned connection : {2U, 3U, 4U}) {
    EXPECT_EQ(asked(board.claim(connection)), kNothing);
  }
}

TEST(StaticSchedule, an_empty_file_is_no_work_for_anybody) {
  StaticSchedule board(2);
  const TaskPtr first = board.open({}, 0, {0, 0});
  EXPECT_EQ(board.wanted(*first), 0U);
  board.close(first);
  EXPECT_EQ(asked(board.claim(0)), kNothing);
  EXPECT_EQ(asked(board.claim(1)), kNothing);
}

TEST(StaticSchedule, a_first_answer_shorter_than_the_share_is_followed_by_its_rest) {
  StaticSchedule board(2);
  const TaskPtr first = open_whole(board, 100, 20);
  EXPECT_EQ(asked(board.claim_next(*first)), range(20, 50));
  EXPECT_EQ(asked(board.claim(1)), range(50, 100));
}

TEST(StaticSchedule, a_resumed_download_divides_only_what_is_missing) {
  StaticSchedule board(3);
  const TaskPtr first = board.open({{10, 20}, {50, 100}}, 0, {10, 20});
  EXPECT_EQ(asked(board.claim_next(*first)), range(50, 60));
  EXPECT_EQ(asked(board.claim(1)), range(60, 80));
  EXPECT_EQ(asked(board.claim(2)), range(80, 100));
}

TEST(StaticSchedule, what_a_dying_connection_leaves_undone_is_its_own_again) {
  StaticSchedule board(2);
  open_whole(board, 100, 50);
  const TaskPtr task = board.claim(1);
  board.advance(*task, 30);
  board.close(task);
  EXPECT_EQ(asked(board.claim(0)), kNothing);
  EXPECT_EQ(asked(board.claim(1)), range(80, 100));
}

TEST(StaticSchedule, the_share_of_a_connection_that_was_not_let_in_goes_to_who_is_done) {
  StaticSchedule board(3);
  const TaskPtr first = open_whole(board, 90, 30);
  const TaskPtr refused = board.claim(2);
  board.close(refused);
  EXPECT_EQ(asked(board.claim(0)), kNothing) << "2 may come back";
  EXPECT_TRUE(board.retire(2));
  EXPECT_EQ(bring_all(board, 1), (std::vector<ByteRange>{{30, 60}, {60, 90}}));
}

// What the server makes of the first request, `share` = N, must be what the client's own division
// gives connection 0.
TEST(StaticSchedule, the_servers_share_is_the_clients_share) {
  for (const std::uint64_t size : {0U, 1U, 2U, 99U, 100U, 101U, 4097U}) {
    for (const unsigned connections : {1U, 2U, 7U, 50U, 1000U}) {
      const auto share = first_range(connections, 0, true).share;
      const std::uint64_t sent = size / share + (size % share != 0 ? 1 : 0);
      EXPECT_EQ(sent, storage::divide({0, size}, connections)[0].size())
          << size << " bytes over " << connections;
    }
  }
}

TEST(StaticSchedule, every_byte_is_brought_once_whatever_the_size_and_the_connections) {
  for (const std::uint64_t size : {0U, 1U, 49U, 50U, 51U, 1000U, 4097U}) {
    for (const unsigned connections : {1U, 7U, 50U, 1000U}) {
      StaticSchedule board(connections);
      const std::uint64_t first = (size + connections - 1) / connections;
      const TaskPtr task = open_whole(board, size, first);
      storage::RangeSet brought({task->asked});
      std::uint64_t smallest = first;
      for (unsigned connection = 1; connection < connections; ++connection) {
        const auto ranges = bring_all(board, connection);
        smallest = std::min(smallest, total_size(ranges));
        for (const ByteRange& piece : ranges) {
          EXPECT_EQ(brought.add(piece), piece.size()) << "a byte twice";
        }
      }
      EXPECT_EQ(brought.total(), size) << connections << " connections";
      EXPECT_LE(first - smallest, 1U) << size << " bytes over " << connections;
    }
  }
}

}  // namespace
}  // namespace dlab::part3
