#include "part2_packets/reassembler.hpp"

#include <limits>

#include "tests/part2_packets/reassembly.hpp"

namespace dlab::part2 {
namespace {

using test::Reassembly;
using test::Verdict;

// Packets of one byte, so that a letter is a packet.
struct ReassemblerOfLetters : testing::Test, Reassembly {
  ReassemblerOfLetters() : Reassembly(8, 1, 4) {}
};

TEST_F(ReassemblerOfLetters, a_packet_in_turn_goes_out_at_once) {
  EXPECT_EQ(insert(0, "a"), Verdict::released);
  expect("a");
  EXPECT_EQ(insert(1, "b"), Verdict::released);
  expect("b");
  EXPECT_EQ(counts().max_buffered_packets, 0U);
}

TEST_F(ReassemblerOfLetters, an_early_packet_waits_for_the_gap_to_close) {
  EXPECT_EQ(insert(2, "c"), Verdict::buffered);
  expect_nothing();
  insert(0, "a");
  expect("a");
  insert(1, "b");
  expect("bc");
}

TEST_F(ReassemblerOfLetters, a_reversed_window_goes_out_with_its_last_packet) {
  insert(3, "d");
  insert(2, "c");
  insert(1, "b");
  expect_nothing();
  EXPECT_EQ(counts().max_buffered_packets, 3U);
  insert(0, "a");
  expect("abcd");
  EXPECT_EQ(counts().max_displacement_packets, 3U);
}

TEST_F(ReassemblerOfLetters, closing_one_gap_stops_at_the_next) {
  insert(1, "b");
  insert(3, "d");
  insert(0, "a");
  expect("ab");
  insert(2, "c");
  expect("cd");
}

TEST_F(ReassemblerOfLetters, a_duplicate_of_what_went_out_is_counted_and_dropped) {
  insert(0, "a");
  expect("a");
  EXPECT_EQ(insert(0, "a"), Verdict::duplicate);
  expect_nothing();
  EXPECT_EQ(counts().duplicates, 1U);
  EXPECT_EQ(counts().received, 2U);
}

TEST_F(ReassemblerOfLetters, a_duplicate_of_what_waits_is_counted_and_dropped) {
  insert(1, "b");
  EXPECT_EQ(insert(1, "X"), Verdict::duplicate);
  insert(0, "a");
  expect("ab");
  EXPECT_EQ(counts().duplicates, 1U);
  EXPECT_EQ(counts().max_buffered_packets, 1U);
}

TEST_F(ReassemblerOfLetters, a_packet_at_the_end_of_the_window_is_refused) {
  EXPECT_EQ(insert(3, "d"), Verdict::buffered);
  EXPECT_EQ(insert(4, "e"), Verdict::outside_window);
  expect_nothing();
}

TEST_F(ReassemblerOfLetters, the_window_moves_with_the_mark_and_not_with_what_went_out) {
  for (const auto* letter : {"a", "b", "c", "d"}) {
    insert(static_cast<std::uint64_t>(*letter - 'a'), letter);
  }
  expect("abcd");
  EXPECT_EQ(insert(4, "e"), Verdict::outside_window);
  EXPECT_TRUE(mark(4));
  EXPECT_EQ(insert(4, "e"), Verdict::released);
  EXPECT_EQ(insert(7, "h"), Verdict::buffered);
}

TEST_F(ReassemblerOfLetters, the_largest_sequence_number_is_outside_like_any_other) {
  const auto largest = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(insert_at(largest, largest, "z"), Verdict::outside_window);
  EXPECT_EQ(insert_at(largest, 0, "z"), Verdict::outside_window);
}

TEST_F(ReassemblerOfLetters, a_mark_lets_go_what_waits_behind_a_hole) {
  insert(1, "b");
  insert(3, "d");
  EXPECT_TRUE(mark(4));
  expect("bd");
  expect_file(".b.d....");
  expect_holes({{0, 1}, {2, 3}});
}

TEST_F(ReassemblerOfLetters, neighbouring_holes_are_one_across_marks) {
  insert(0, "a");
  EXPECT_TRUE(mark(4));
  insert(6, "g");
  EXPECT_TRUE(mark(8));
  EXPECT_TRUE(complete());
  expect("ag");
  expect_holes({{1, 6}, {7, 8}});
}

TEST_F(ReassemblerOfLetters, holes_are_handed_over_once) {
  EXPECT_TRUE(mark(4));
  expect_holes({{0, 4}});
  expect_holes({});
}

TEST_F(ReassemblerOfLetters, a_mark_in_the_middle_of_a_window_leaves_the_rest_waiting) {
  insert(0, "a");
  insert(3, "d");
  EXPECT_TRUE(mark(2));
  expect("a");
  expect_holes({{1, 2}});
  insert(2, "c");
  expect("cd");
}

TEST_F(ReassemblerOfLetters, what_follows_a_mark_without_a_gap_goes_out_with_it) {
  insert(2, "c");
  insert(3, "d");
  EXPECT_TRUE(mark(2));
  expect("cd");
  expect_holes({{0, 2}});
}

TEST_F(ReassemblerOfLetters, a_packet_below_the_mark_is_a_duplicate_even_where_a_hole_is) {
  EXPECT_TRUE(mark(4));
  EXPECT_EQ(insert(1, "b"), Verdict::duplicate);
  expect_nothing();
  expect_holes({{0, 4}});
}

TEST_F(ReassemblerOfLetters, a_mark_must_move_on_by_one_to_a_window) {
  EXPECT_FALSE(mark(0));
  EXPECT_FALSE(mark(5));
  EXPECT_FALSE(mark(std::numeric_limits<std::uint64_t>::max()));
  EXPECT_TRUE(mark(3));
  EXPECT_FALSE(mark(3));
  EXPECT_FALSE(mark(2));
  expect_holes({{0, 3}});
}

TEST_F(ReassemblerOfLetters, a_mark_must_stay_in_the_range) {
  EXPECT_TRUE(mark(4));
  EXPECT_TRUE(mark(6));
  EXPECT_FALSE(mark(9));
  EXPECT_TRUE(mark(8));
  EXPECT_TRUE(complete());
}

TEST_F(ReassemblerOfLetters, after_the_last_mark_nothing_more_is_taken) {
  mark(4);
  mark(8);
  EXPECT_FALSE(mark(8));
  EXPECT_EQ(insert(8, "i"), Verdict::outside_window);
  EXPECT_EQ(insert(7, "h"), Verdict::duplicate);
}

TEST_F(ReassemblerOfLetters, a_hole_is_filled_by_another_answer) {
  insert(0, "a");
  insert(3, "d");
  mark(4);
  mark(8);
  expect("ad");
  expect_holes({{1, 3}, {4, 8}});
  begin_answer(1, 3);
  EXPECT_EQ(insert(2, "c"), Verdict::buffered);
  EXPECT_EQ(insert(3, "d"), Verdict::outside_window);
  EXPECT_EQ(insert(0, "a"), Verdict::duplicate);
  insert(1, "b");
  EXPECT_TRUE(mark(3));
  EXPECT_TRUE(complete());
  expect("bc");
  expect_holes({});
  expect_file("abcd....");
}

TEST_F(ReassemblerOfLetters, what_is_missing_again_is_a_hole_again) {
  mark(4);
  mark(8);
  expect_holes({{0, 8}});
  begin_answer(0, 8);
  insert(1, "b");
  mark(4);
  mark(8);
  expect("b");
  expect_holes({{0, 1}, {2, 8}});
}

TEST_F(ReassemblerOfLetters, a_corrupted_packet_is_counted_and_leaves_a_hole) {
  insert_corrupted();
  mark(4);
  EXPECT_EQ(counts().received, 1U);
  EXPECT_EQ(counts().corrupted, 1U);
  expect_nothing();
  expect_holes({{0, 4}});
}

TEST_F(ReassemblerOfLetters, a_piece_tells_when_its_packet_came_and_when_it_went_out) {
  insert(1, "b");  // moment 1
  insert(0, "a");  // moment 2
  EXPECT_EQ(last_piece().sequence, 1U);
  EXPECT_EQ(last_piece().arrived, moment(1));
  EXPECT_EQ(last_piece().released, moment(2));
  insert(3, "d");  // moment 3
  mark(4);         // moment 4
  EXPECT_EQ(last_piece().arrived, moment(3));
  EXPECT_EQ(last_piece().released, moment(4));
}

TEST_F(ReassemblerOfLetters, an_answer_of_many_windows_counts_disorder_within_each) {
  for (const auto* letter : {"b", "a", "c", "d"}) {
    insert(static_cast<std::uint64_t>(*letter - 'a'), letter);
  }
  mark(4);
  for (const auto* letter : {"h", "g", "f", "e"}) {
    insert(static_cast<std::uint64_t>(*letter - 'a'), letter);
  }
  mark(8);
  expect("abcdefgh");
  EXPECT_EQ(counts().max_displacement_packets, 3U);
  EXPECT_EQ(counts().max_buffered_packets, 3U);
}

// Packets of three bytes in a file of eight: "abc" "def" "gh".
struct ReassemblerOfThrees : testing::Test, Reassembly {
  ReassemblerOfThrees() : Reassembly(8, 3, 4) {}
};

TEST_F(ReassemblerOfThrees, the_last_packet_is_short) {
  EXPECT_EQ(insert(2, "gh"), Verdict::buffered);
  insert(0, "abc");
  insert(1, "def");
  expect("abcdefgh");
  EXPECT_TRUE(mark(3));
  EXPECT_TRUE(complete());
}

TEST_F(ReassemblerOfThrees, a_packet_of_the_wrong_size_counts_as_corrupted) {
  EXPECT_EQ(insert(0, "ab"), Verdict::corrupted);
  EXPECT_EQ(insert(0, "abcd"), Verdict::corrupted);
  EXPECT_EQ(insert(0, ""), Verdict::corrupted);
  EXPECT_EQ(insert(2, "ghi"), Verdict::corrupted);
  expect_nothing();
  EXPECT_EQ(counts().corrupted, 4U);
  EXPECT_EQ(insert(0, "abc"), Verdict::released);
}

TEST_F(ReassemblerOfThrees, an_overlapping_packet_counts_as_corrupted) {
  EXPECT_EQ(insert_at(1, 2, "cde"), Verdict::corrupted);
  EXPECT_EQ(insert_at(1, 4, "efg"), Verdict::corrupted);
  EXPECT_EQ(insert_at(1, std::numeric_limits<std::uint64_t>::max(), "def"), Verdict::corrupted);
  expect_nothing();
}

TEST_F(ReassemblerOfThrees, the_payload_may_vanish_once_the_packet_was_taken) {
  std::string memory = "def";
  insert(1, memory);
  memory = "...";
  insert(0, "abc");
  expect("abcdef");
}

TEST(Reassembler, an_empty_file_is_complete_with_its_one_mark) {
  Reassembly empty(0, 1400, 256);
  EXPECT_FALSE(empty.complete());
  EXPECT_EQ(empty.insert(0, ""), Verdict::outside_window);
  EXPECT_FALSE(empty.mark(1));
  EXPECT_TRUE(empty.mark(0));
  EXPECT_TRUE(empty.complete());
  EXPECT_FALSE(empty.mark(0));
  empty.expect_holes({});
}

TEST(Reassembler, a_window_of_one_packet_has_no_room_for_disorder) {
  Reassembly one(3, 1, 1);
  EXPECT_EQ(one.insert(1, "b"), Verdict::outside_window);
  EXPECT_EQ(one.insert(0, "a"), Verdict::released);
  EXPECT_TRUE(one.mark(1));
  EXPECT_EQ(one.insert(1, "b"), Verdict::released);
}

TEST(Reassembler, a_window_larger_than_the_file_is_allowed) {
  Reassembly wide(3, 1, 65536);
  EXPECT_EQ(wide.insert(2, "c"), Verdict::buffered);
  EXPECT_EQ(wide.insert(3, "d"), Verdict::outside_window);
  EXPECT_TRUE(wide.mark(3));
  wide.expect_file("..c");
  wide.expect_holes({{0, 2}});
}

}  // namespace
}  // namespace dlab::part2
