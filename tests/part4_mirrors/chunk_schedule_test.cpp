// Who is asked for what, and who next: chunks, failures, stalls and what is lost.

#include "part4_mirrors/chunk_schedule.hpp"

#include <gtest/gtest.h>

#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

TEST(ChunkSchedule, chunk_i_begins_at_mirror_i_mod_M) {
  Steps steps({}, 2, 100, 4);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 25");
  EXPECT_EQ(steps.next_text(), "mirror 1: 25 to 50");
  EXPECT_EQ(steps.next_text(), "mirror 0: 50 to 75");
  EXPECT_EQ(steps.next_text(), "mirror 1: 75 to 100");
  EXPECT_EQ(steps.next_text(), "wait") << "for those under way, which may fail";
  for (AskId id = 0; id < 4; ++id) {
    steps.complete(id);
  }
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.received_bytes(), 100U);
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST(ChunkSchedule, more_chunks_than_bytes_are_as_many_as_bytes) {
  Steps steps({}, 2, 3, 10'000);
  for (const char* decision :
       {"mirror 0: 0 to 1", "mirror 1: 1 to 2", "mirror 0: 2 to 3", "wait"}) {
    EXPECT_EQ(steps.next_text(), decision);
  }
}

TEST(ChunkSchedule, an_empty_file_is_over_at_once) {
  EXPECT_EQ(Steps({}, 2, 0, 4).next_text(), "over");
}

TEST(ChunkSchedule, what_is_here_already_is_not_asked_for) {
  Steps steps({}, 2, 100, 2, {{10, 20}, {40, 100}});
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 10");
  EXPECT_EQ(steps.next_text(), "mirror 0: 20 to 40") << "of the same chunk";
  EXPECT_EQ(steps.next_text(), "wait");
  EXPECT_EQ(steps.schedule.received_bytes(), 70U);
}

TEST(ChunkSchedule, what_is_written_in_order_is_asked_for_within_a_window) {
  Rules rules;
  rules.most_ahead = 50;
  rules.most_bytes = 20;
  Steps steps(rules, 2, 100, 2);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 20");
  EXPECT_EQ(steps.next_text(), "mirror 0: 20 to 40") << "of the same chunk";
  EXPECT_EQ(steps.next_text(), "mirror 0: 40 to 50");
  EXPECT_EQ(steps.next_text(), "wait");
  steps.complete(1);
  EXPECT_EQ(steps.next_text(), "wait") << "early bytes are not written";
  steps.complete(0);
  steps.schedule.written(40);
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 70");
  EXPECT_EQ(steps.next_text(), "mirror 1: 70 to 90");
  EXPECT_EQ(steps.next_text(), "wait");
}

TEST(ChunkSchedule, what_waits_to_be_written_behind_lost_bytes_is_lost_too) {
  Rules rules;
  rules.most_ahead = 50;
  Steps steps(rules, 1, 100, 4);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 25");
  EXPECT_EQ(steps.next_text(), "mirror 0: 25 to 50");
  steps.schedule.ended(0, Ending::useless, "another file", steps.now);
  steps.schedule.ended(1, Ending::useless, "another file", steps.now);
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.lost().size(), 4U);
}

TEST(ChunkSchedule, after_a_failure_the_next_mirror_is_asked_for_the_missing_bytes) {
  Steps steps({}, 3, 100, 1);
  steps.next();
  steps.receive(0, 40);
  steps.fail(0, "reset");
  EXPECT_EQ(steps.next_text(), "mirror 1: 40 to 100");
  steps.fail(1, "timed out");
  EXPECT_EQ(steps.next_text(), "mirror 2: 40 to 100");
  steps.complete(2);
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.trail(0), (std::vector<Failure>{{0, "reset"}, {1, "timed out"}}));
}

TEST(ChunkSchedule, of_a_mirror_in_doubt_the_others_do_not_wait_for_the_answer) {
  Steps steps({.ask_alone_first = true}, 2, 100, 4);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 25");
  EXPECT_EQ(steps.next_text(), "mirror 1: 25 to 50");
  EXPECT_EQ(steps.next_text(), "wait");
  EXPECT_EQ(steps.next().until, steps.now + 100ms);
  steps.receive(1, 1);
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 75") << "0 is silent";
  EXPECT_EQ(steps.next_text(), "mirror 1: 75 to 100");
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST(ChunkSchedule, an_answer_of_another_kind_is_a_sign_of_life) {
  Steps steps({}, 1, 100, 1);
  steps.next();
  steps.pass(29s);
  steps.schedule.heard(0, steps.now);
  steps.pass(29s);
  EXPECT_EQ(steps.schedule.judge(0, steps.now), Verdict::go_on);
  steps.pass(1s);
  EXPECT_EQ(steps.schedule.judge(0, steps.now), Verdict::stalled);
}

TEST(ChunkSchedule, what_is_missing_is_told_by_chunk_whoever_is_at_it) {
  Steps steps({}, 2, 100, 2, {{0, 10}, {40, 60}});
  steps.receive(steps.next().id, 5);
  EXPECT_EQ(steps.schedule.missing(), (std::vector<MissingBytes>{{0, {15, 40}}, {1, {60, 100}}}));
  steps.complete(0);
  steps.complete(steps.next().id);
  EXPECT_TRUE(steps.schedule.missing().empty());
}

TEST(ChunkSchedule, when_all_mirrors_were_tried_in_vain_the_bytes_are_lost_with_their_trail) {
  Steps steps({}, 2, 100, 2);
  steps.next();
  steps.next();
  steps.complete(1);
  steps.receive(0, 10);
  steps.fail(0, "reset");
  EXPECT_EQ(steps.next_text(), "mirror 1: 10 to 50");
  steps.fail(2, "refused");
  EXPECT_EQ(steps.next_text(), "over");
  ASSERT_EQ(steps.schedule.lost().size(), 1U);
  EXPECT_EQ(steps.schedule.lost()[0].chunk, 0U);
  EXPECT_EQ(steps.schedule.lost()[0].range, (storage::ByteRange{10, 50}));
  EXPECT_EQ(steps.schedule.trail(0), (std::vector<Failure>{{0, "reset"}, {1, "refused"}}));
  EXPECT_TRUE(steps.schedule.trail(1).empty());
  EXPECT_EQ(steps.schedule.failures(), 2U);
}

TEST(ChunkSchedule, bytes_that_came_make_the_rest_worth_a_new_round) {
  Steps steps({}, 2, 100, 1);
  steps.next();
  steps.fail(0);
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 100");
  steps.receive(1, 50);
  steps.fail(1);
  EXPECT_EQ(steps.next_text(), "wait") << "0 rests, and was not asked for these";
  EXPECT_LE(steps.next().until, steps.now + 500ms);
  steps.pass(500ms);
  EXPECT_EQ(steps.next_text(), "mirror 0: 50 to 100");
}

TEST(ChunkSchedule, a_mirror_that_failed_is_left_alone_by_all_chunks_for_a_while) {
  Steps steps({}, 2, 100, 4);
  steps.next();
  steps.fail(0);
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 25");
  EXPECT_EQ(steps.next_text(), "mirror 1: 25 to 50");
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 75") << "chunk 2, which belongs to 0";
  steps.pass(500ms);
  steps.fail(3);
  EXPECT_EQ(steps.next_text(), "mirror 0: 50 to 75") << "it has rested, and 1 rests";
}

TEST(ChunkSchedule, a_piece_whose_mirrors_rest_does_not_hold_up_the_others) {
  Steps steps({}, 2, 100, 2);
  steps.next();
  steps.fail(0);
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 50");
  steps.receive(1, 10);
  steps.schedule.ended(1, Ending::stopped, "", steps.now);  // 1 was tried for this
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 100") << "10 to 50 waits for 0";
  EXPECT_EQ(steps.next_text(), "wait");
}

TEST(ChunkSchedule, a_mirror_with_another_file_is_asked_for_nothing_more) {
  Steps steps({}, 2, 100, 4);
  steps.next();
  steps.schedule.ended(0, Ending::useless, "not-found", steps.now);
  for (const char* decision : {"mirror 1: 0 to 25", "mirror 1: 25 to 50", "mirror 1: 50 to 75"}) {
    EXPECT_EQ(steps.next_text(), decision);
  }
  EXPECT_TRUE(steps.schedule.mirrors().is_given_up(0));
  steps.schedule.give_up(1, "other contents");
  EXPECT_EQ(steps.next_text(), "wait");
  ASSERT_EQ(steps.schedule.lost().size(), 1U) << "75 to 100: nobody is left";
  EXPECT_EQ(steps.schedule.mirrors().reason(1), "other contents");
}

TEST(ChunkSchedule, mirrors_that_are_all_down_end_it_in_bounded_time) {
  Steps steps({}, 2, 100'000, 10'000);
  const auto started = steps.now;
  int attempts = 0;
  for (Decision decision = steps.next(); decision.kind != Decision::Kind::over;
       decision = steps.next()) {
    if (decision.kind == Decision::Kind::ask) {
      ++attempts;
      steps.fail(decision.id);
    } else {
      ASSERT_LT(decision.until, base::TimePoint::max());
      steps.now = decision.until;
    }
  }
  EXPECT_EQ(attempts, 10) << "each mirror is given up after five failures";
  EXPECT_EQ(steps.schedule.lost().size(), 10'000U);
  EXPECT_LE(steps.now - started, 500ms + 1s + 2s + 4s);
}

TEST(ChunkSchedule, a_connection_without_a_byte_for_too_long_is_stalled) {
  Steps steps({}, 2, 100, 2);
  steps.next();
  steps.next();
  steps.pass(29s);
  steps.receive(1, 1);
  EXPECT_EQ(steps.schedule.judge(0, steps.now), Verdict::go_on);
  steps.pass(1s);
  EXPECT_EQ(steps.schedule.judge(0, steps.now), Verdict::stalled);
  EXPECT_EQ(steps.schedule.judge(1, steps.now), Verdict::go_on);
  steps.pass(29s);
  EXPECT_EQ(steps.schedule.judge(1, steps.now), Verdict::stalled);
}

TEST(ChunkSchedule, to_wait_while_the_mirror_delivers_another_chunk_is_no_stall) {
  Steps steps({}, 1, 100, 2);
  steps.next();
  steps.next();
  for (int i = 0; i < 20; ++i) {
    steps.pass(20s);
    steps.receive(0, 1);
    EXPECT_EQ(steps.schedule.judge(1, steps.now), Verdict::go_on) << "it waits its turn";
  }
  steps.receive(1, 1);
  steps.pass(20s);
  steps.receive(0, 1);
  steps.pass(10s);
  EXPECT_EQ(steps.schedule.judge(1, steps.now), Verdict::stalled) << "its turn had come";
}

TEST(ChunkSchedule, nobody_is_waited_for_once_all_is_here) {
  Steps steps({}, 2, 100, 1);
  steps.next();
  EXPECT_EQ(steps.next_text(), "wait");
  steps.receive(0, 100);
  EXPECT_EQ(steps.next_text(), "over") << "although that one has not said so";
}

TEST(ChunkSchedule, each_byte_counts_once) {
  Steps steps({}, 1, 100, 1);
  steps.next();
  EXPECT_EQ(steps.receive(0, 60), 60U);
  EXPECT_EQ(steps.schedule.wanted(0), 40U);
  steps.fail(0);
  EXPECT_EQ(steps.schedule.received_bytes(), 60U);
  EXPECT_EQ(steps.schedule.duplicate_bytes(), 0U);
}

TEST(ChunkSchedule, a_fast_mirror_gets_more_chunks_when_goodput_decides) {
  Steps steps({.select = Select::adaptive}, 2, 12 * kMiB, 12);
  const AskId slow = steps.next().id;
  const AskId fast = steps.next().id;
  steps.pass(1s);
  steps.complete(fast);
  steps.receive(slow, kMiB / 10);
  for (int chunk = 0; chunk < 9; ++chunk) {
    const Decision decision = steps.next();
    EXPECT_EQ(decision.mirror, 1U) << "chunk " << chunk;
    steps.pass(1s);
    steps.receive(slow, kMiB / 10);
    steps.complete(decision.id);
  }
}

}  // namespace
}  // namespace dlab::part4
