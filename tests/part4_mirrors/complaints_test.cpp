#include "part4_mirrors/complaints.hpp"

#include <gtest/gtest.h>

#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

const std::vector<std::string> kNames{"a:1", "b:2"};

TEST(Complaints, each_server_that_did_not_answer_says_why) {
  EXPECT_EQ(cannot_transfer({{0, "refused"}, {1, "not-found"}}, kNames),
            "Cannot transfer this file\n  a:1: refused\n  b:2: not-found");
}

TEST(Complaints, a_lost_chunk_is_named_with_its_trail) {
  Steps steps({}, 2, 100, 2);
  steps.next();
  steps.complete(steps.next().id);
  steps.receive(0, 10);
  steps.fail(0, "reset");
  steps.fail(steps.next().id, "refused");
  EXPECT_EQ(steps.next_text(), "over");
  const std::string expected =
      "\n  chunk 0: bytes 10 to 50 are missing"
      "\n    a:1: reset"
      "\n    b:2: refused";
  EXPECT_EQ(missing_bytes(steps.schedule, kNames, false), expected);
  EXPECT_EQ(missing_bytes(steps.schedule, kNames, true),
            expected + "\n  the other 60 bytes are kept: --resume goes on from them");
}

TEST(Complaints, lost_chunks_are_named_in_the_order_of_the_file) {
  Steps steps({}, 1, 100, 2);
  steps.next();
  steps.schedule.ended(steps.next().id, Ending::failed, "reset", steps.now);
  EXPECT_EQ(steps.next_text(), "wait");
  steps.fail(0, "cut short");
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.lost().at(0).chunk, 1U);
  EXPECT_EQ(missing_bytes(steps.schedule, kNames, true),
            "\n  chunk 0: bytes 0 to 50 are missing"
            "\n    a:1: cut short"
            "\n  chunk 1: bytes 50 to 100 are missing"
            "\n    a:1: reset")
      << "nothing is kept where nothing has come";
}

TEST(Complaints, who_was_given_up_before_its_turn_is_in_the_trail_and_long_lists_are_cut) {
  Steps steps({}, 2, 100, 50);
  steps.schedule.give_up(1, "not-found");
  steps.schedule.ended(steps.next().id, Ending::useless, "other size", steps.now);
  EXPECT_EQ(steps.next_text(), "over");
  const std::string text = missing_bytes(steps.schedule, kNames, true);
  EXPECT_TRUE(
      text.starts_with("\n  chunk 0: bytes 0 to 2 are missing\n"
                       "    a:1: other size\n"
                       "    b:2: given up: not-found\n"
                       "  chunk 1: bytes 2 to 4 are missing\n"
                       "    a:1: given up: other size\n"))
      << text;
  EXPECT_TRUE(text.ends_with("\n  and 30 more")) << text;
}

TEST(Complaints, what_is_under_way_is_missing_too) {
  Steps steps({}, 2, 100, 2);
  steps.receive(steps.next().id, 10);
  EXPECT_EQ(missing_bytes(steps.schedule, kNames, false),
            "\n  chunk 0: bytes 10 to 50 are missing"
            "\n  chunk 1: bytes 50 to 100 are missing");
}

}  // namespace
}  // namespace dlab::part4
