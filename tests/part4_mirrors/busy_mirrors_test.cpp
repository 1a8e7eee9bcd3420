// Mirrors that refuse because they have too much to do, and such that let in a few connections.

#include <gtest/gtest.h>

#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

class BusyMirrors : public testing::Test {
 protected:
  static void refuse(Steps& steps, AskId ask, std::optional<base::Duration> wait = {}) {
    steps.schedule.ended(ask, Ending::busy, "503", steps.now, wait);
  }
};

TEST_F(BusyMirrors, one_that_asks_to_wait_is_asked_again_when_that_is_over) {
  Steps steps({}, 1, 100, 1);
  steps.next();
  refuse(steps, 0, 3s);
  EXPECT_EQ(steps.next().until, steps.now + 3s);
  steps.pass(3s);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 100");
  EXPECT_EQ(steps.schedule.trail(0), (std::vector<Failure>{{0, "503"}}));
}

TEST_F(BusyMirrors, its_chunks_are_asked_of_others_meanwhile) {
  Steps steps({}, 2, 100, 2);
  steps.next();
  refuse(steps, 0, 200s);
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 50");
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 100");
}

TEST_F(BusyMirrors, what_it_has_let_in_goes_on_and_nothing_more_is_asked_before_the_wait_is_over) {
  Steps steps({}, 1, 120, 3);
  steps.begin(2);
  steps.receive(0, 1);
  refuse(steps, 1, 3s);
  EXPECT_EQ(steps.schedule.judge(0, steps.now), Verdict::go_on);
  steps.complete(0);
  EXPECT_EQ(steps.next().until, steps.now + 3s);
}

TEST_F(BusyMirrors, one_that_lets_in_two_of_four_is_asked_by_two) {
  Steps steps({}, 1, 160, 8);
  steps.begin(4);
  steps.receive(0, 1);
  steps.receive(1, 1);
  refuse(steps, 2);
  refuse(steps, 3);
  EXPECT_EQ(steps.next_text(), "wait");
  EXPECT_EQ(steps.next().until, steps.now + 100ms) << "one of the two may end";
  steps.complete(0);
  EXPECT_EQ(steps.next_text(), "mirror 0: 60 to 80") << "the last one that was refused";
  EXPECT_EQ(steps.next_text(), "wait");
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST_F(BusyMirrors, who_closes_one_too_many_at_once_is_asked_by_fewer) {
  Steps steps({}, 1, 160, 8);
  steps.begin(4);
  steps.receive(0, 1);
  steps.receive(1, 1);
  steps.fail(2, "closed");
  steps.fail(3, "closed");
  EXPECT_EQ(steps.next_text(), "wait");
  steps.complete(1);
  EXPECT_EQ(steps.next_text(), "mirror 0: 60 to 80");
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST_F(BusyMirrors, a_refusal_that_comes_before_the_server_has_seen_an_end_is_only_a_rest) {
  Steps steps({}, 1, 160, 8);
  steps.begin(3);
  steps.receive(0, 1);
  steps.receive(1, 1);
  refuse(steps, 2);
  steps.complete(0);
  steps.next();
  refuse(steps, 3);
  EXPECT_EQ(steps.next_text(), "wait");
  steps.pass(500ms);
  EXPECT_EQ(steps.next_text(), "mirror 0: 40 to 60") << "beside the one that is under way";
}

TEST_F(BusyMirrors, one_that_counts_may_close_the_first_connection_after_all_others) {
  Steps steps({}, 1, 160, 8);
  steps.begin(2);
  steps.receive(0, 1);
  steps.fail(1, "closed");
  steps.complete(0);
  const AskId next = steps.next().id;
  steps.fail(next, "closed");
  EXPECT_EQ(steps.next_text(), "wait");
  steps.pass(500ms);
  EXPECT_EQ(steps.next_text(), "mirror 0: 20 to 40");
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST_F(BusyMirrors, what_it_closed_beside_others_may_be_heard_of_after_their_end) {
  Steps steps({}, 1, 160, 8);
  steps.begin(5);
  steps.pass(1ms);
  steps.complete(0);
  steps.complete(1);
  for (const AskId closed : {2U, 3U, 4U}) {
    steps.fail(closed, "closed");
  }
  EXPECT_EQ(steps.next_text(), "wait");
  steps.pass(500ms);
  EXPECT_EQ(steps.next().mirror, 0U) << "after one rest, not three";
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST_F(BusyMirrors, a_mirror_that_fails_without_having_brought_anything_has_failed) {
  Steps steps({}, 1, 160, 2);
  steps.begin(2);
  steps.fail(0, "refused");
  steps.fail(1, "refused");
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.lost().size(), 2U);
}

TEST_F(BusyMirrors, one_that_closes_some_before_the_first_byte_of_others_is_asked_again) {
  Steps steps({}, 1, 160, 4);
  steps.begin(3);
  steps.fail(1, "closed");
  steps.fail(2, "closed");
  EXPECT_EQ(steps.next_text(), "wait");
  steps.receive(0, 1);
  EXPECT_EQ(steps.next_text(), "wait") << "it rests";
  steps.pass(500ms);
  EXPECT_EQ(steps.next().mirror, 0U);
  EXPECT_TRUE(steps.schedule.lost().empty());
}

TEST_F(BusyMirrors, one_that_asks_for_too_long_is_given_up) {
  Steps steps({.patience = 10s}, 2, 100, 1);
  steps.next();
  refuse(steps, 0, 11s);
  EXPECT_TRUE(steps.schedule.mirrors().is_given_up(0));
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 100");
}

TEST_F(BusyMirrors, one_that_is_busy_for_ever_ends_it_in_bounded_time) {
  Steps steps({}, 1, 100, 4);
  const auto started = steps.now;
  for (Decision decision = steps.next(); decision.kind != Decision::Kind::over;
       decision = steps.next()) {
    if (decision.kind == Decision::Kind::ask) {
      refuse(steps, decision.id);
    } else {
      ASSERT_LT(decision.until, base::TimePoint::max());
      steps.now = decision.until;
    }
  }
  EXPECT_LE(steps.now - started, 5min);
  EXPECT_GE(steps.now - started, 4min);
  EXPECT_EQ(steps.schedule.lost().size(), 4U);
}

TEST_F(BusyMirrors, one_that_has_said_so_before_is_left_alone) {
  Steps steps({}, 2, 100, 1);
  BusyPeriod busy({}, 0);
  busy.refused("503", 3s, steps.now);
  steps.schedule.leave_alone(0, busy);
  EXPECT_EQ(steps.next_text(), "mirror 1: 0 to 100");
  EXPECT_EQ(steps.schedule.mirrors().reason(0), "503");
}

}  // namespace
}  // namespace dlab::part4
