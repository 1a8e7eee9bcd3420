// Work stealing, the endgame and slow connections.

#include "part4_mirrors/takeovers.hpp"

#include <gtest/gtest.h>

#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

constexpr std::uint64_t kKiB = 1024;

// Two mirrors with a chunk of 8 MiB each. After 8 s the first has brought all of it, at 1 MiB/s,
// and the second has brought 1 MiB/s or less.
class TwoMirrors : public testing::Test {
 protected:
  void start(const Rules& rules, std::uint64_t rate_of_second) {
    steps_.emplace(rules, 2, 16 * kMiB, 2);
    steps_->next();
    steps_->next();
    steps_->receive_for(8, {{0, kMiB}, {1, rate_of_second}});
    steps_->complete(0);
  }

  std::optional<Steps> steps_;
};

class Theft : public TwoMirrors {};
class Race : public TwoMirrors {};

TEST_F(Theft, is_only_committed_when_the_rules_say_so) {
  start({}, kMiB / 8);
  EXPECT_EQ(steps_->next_text(), "wait");
  EXPECT_EQ(steps_->next().until, base::TimePoint::max()) << "nothing changes by itself";
}

TEST_F(Theft, takes_the_end_of_a_range_so_that_both_are_done_at_once) {
  start({.steal = true}, kMiB / 8);
  // 7 MiB are left at 1/8 MiB/s; the thief brings 1 MiB/s, so it takes 8/9 of them.
  const Decision theft = steps_->next();
  EXPECT_EQ(theft.mirror, 0U);
  EXPECT_EQ(theft.range.end, 16 * kMiB);
  EXPECT_NEAR(static_cast<double>(theft.range.size()), 7.0 * kMiB * 8 / 9, 1);
  EXPECT_EQ(steps_->schedule.wanted(1), theft.range.begin - 9 * kMiB);
  steps_->complete(theft.id);
  steps_->complete(1);
  EXPECT_EQ(steps_->next_text(), "over");
  EXPECT_EQ(steps_->schedule.received_bytes(), 16 * kMiB);
  EXPECT_EQ(steps_->schedule.duplicate_bytes(), 0U);
}

TEST_F(Theft, takes_all_of_what_has_stalled) {
  start({.steal = true}, 0);
  EXPECT_EQ(steps_->next_text(),
            "mirror 0: " + std::to_string(8 * kMiB) + " to " + std::to_string(16 * kMiB));
  EXPECT_EQ(steps_->schedule.wanted(1), 0U);
  EXPECT_EQ(steps_->schedule.judge(1, steps_->now), Verdict::not_wanted);
  steps_->schedule.ended(1, Ending::stopped, "", steps_->now);
  EXPECT_EQ(steps_->next_text(), "wait") << "it left nothing undone";
}

TEST_F(Theft, takes_the_last_bytes_of_one_that_was_fast_and_is_silent) {
  steps_.emplace(Rules{.steal = true}, 2, 16 * kMiB, 2);
  steps_->next();
  steps_->next();
  steps_->receive_for(7, {{0, kMiB}, {1, kMiB}});
  steps_->pass(500ms);
  steps_->receive(1, kMiB - 32 * kKiB);
  steps_->complete(0);
  EXPECT_EQ(steps_->next_text(), "wait") << "its last bytes will be here soon";
  steps_->pass(1s);
  EXPECT_EQ(steps_->next_text(), "mirror 0: " + std::to_string(16 * kMiB - 32 * kKiB) + " to " +
                                     std::to_string(16 * kMiB));
}

TEST_F(Theft, is_not_worth_it_when_it_saves_little) {
  Steps late({.steal = true, .least_gain = 10s}, 2, 16 * kMiB, 2);
  late.next();
  late.next();
  late.receive_for(8, {{0, kMiB}, {1, kMiB / 2}});
  late.complete(0);
  EXPECT_EQ(late.next_text(), "wait") << "8 s are left, 2.7 s would be";
}

TEST_F(Theft, waits_until_it_can_tell) {
  Steps steps({.steal = true}, 2, 16 * kMiB, 2);
  steps.next();
  steps.next();
  steps.pass(500ms);
  steps.complete(0);
  EXPECT_EQ(steps.next_text(), "wait") << "nobody knows how slow the other is";
  EXPECT_EQ(steps.next().until, steps.now + 100ms);
}

TEST_F(Theft, from_a_mirror_by_itself_makes_no_sense) {
  Steps steps({.steal = true}, 1, 16 * kMiB, 2);
  steps.next();
  steps.next();
  steps.receive_for(8, {{0, kMiB}, {1, kMiB / 8}});
  steps.complete(0);
  EXPECT_EQ(steps.next_text(), "wait");
}

TEST_F(Theft, helps_a_chunk_that_waits_its_turn_at_a_busy_mirror) {
  Steps steps({.steal = true}, 2, 16 * kMiB, 4);
  steps.begin(4);
  // Mirror 0 serves chunk 0 and lets chunk 2 wait; mirror 1 has brought both of its chunks.
  steps.receive_for(2, {{0, kMiB / 8}, {1, 2 * kMiB}});
  steps.complete(3);
  const Decision theft = steps.next();
  EXPECT_EQ(theft.mirror, 1U);
  EXPECT_EQ(theft.range.end, 12 * kMiB) << "chunk 2";
  EXPECT_GT(theft.range.size(), 3 * kMiB);
}

TEST_F(Theft, leaves_no_few_bytes_to_one_that_waits_its_turn) {
  Steps steps({.steal = true}, 2, 16 * kMiB, 4);
  steps.begin(4);
  // The thief is 2048 times as fast as half a mirror: its share of chunk 2 is all but 2 KiB.
  steps.receive_for(2, {{0, kMiB / 512}, {1, 2 * kMiB}});
  steps.complete(3);
  EXPECT_EQ(steps.next_text(),
            "mirror 1: " + std::to_string(8 * kMiB) + " to " + std::to_string(12 * kMiB));
  EXPECT_EQ(steps.schedule.wanted(2), 0U);
}

TEST_F(Theft, takes_a_few_bytes_from_one_that_waits_its_turn) {
  Steps steps({.steal = true}, 2, 16 * kKiB, 4);
  steps.begin(4);
  steps.receive_for(2, {{0, kKiB}, {1, 2 * kKiB}});
  steps.complete(3);
  EXPECT_EQ(steps.next_text(), "mirror 1: 8192 to 12288") << "chunk 2, due in 6 s";
}

class Remainder : public TwoMirrors {
 protected:
  // Less than 4 KiB are left, at a byte a second: too few to be stolen.
  void start_and_dawdle(const Rules& rules) {
    start(rules, kMiB - kKiB / 2);
    steps_->receive_for(2, {{1, 1}});
  }
};

TEST_F(Remainder, is_raced_for_when_it_is_too_small_to_be_stolen) {
  start_and_dawdle({.steal = true, .race = true});
  const Decision race = steps_->next();
  EXPECT_EQ(race.mirror, 0U);
  EXPECT_EQ(race.range, (storage::ByteRange{16 * kMiB - 4 * kKiB + 2, 16 * kMiB}));
  EXPECT_EQ(steps_->schedule.wanted(1), 4 * kKiB - 2);
}

TEST_F(Remainder, is_left_alone_unless_the_rules_say_so) {
  start_and_dawdle({.steal = true});
  EXPECT_EQ(steps_->next_text(), "wait");
}

TEST_F(Race, asks_another_mirror_for_all_that_is_left_of_a_range) {
  start({.race = true}, kMiB / 8);
  EXPECT_EQ(steps_->next_text(),
            "mirror 0: " + std::to_string(9 * kMiB) + " to " + std::to_string(16 * kMiB));
  EXPECT_EQ(steps_->schedule.wanted(1), 7 * kMiB) << "the first goes on";
}

TEST_F(Race, has_two_runners_at_most) {
  start({.race = true}, kMiB / 8);
  steps_->next();
  EXPECT_EQ(steps_->next_text(), "wait");
}

TEST_F(Race, ends_when_one_has_brought_the_rest_and_the_bytes_that_came_twice_are_counted) {
  start({.race = true}, kMiB / 8);
  const AskId rival = steps_->next().id;
  EXPECT_EQ(steps_->receive(1, kMiB), kMiB);
  EXPECT_EQ(steps_->receive(rival, 7 * kMiB), 6 * kMiB);
  EXPECT_EQ(steps_->schedule.wanted(rival), 0U);
  EXPECT_EQ(steps_->schedule.judge(1, steps_->now), Verdict::not_wanted);
  steps_->schedule.ended(rival, Ending::complete, "", steps_->now);
  EXPECT_EQ(steps_->schedule.wanted(1), 0U) << "the winner is gone, and still nothing is wanted";
  steps_->schedule.ended(1, Ending::stopped, "", steps_->now);
  EXPECT_EQ(steps_->next_text(), "over");
  EXPECT_EQ(steps_->schedule.duplicate_bytes(), kMiB);
}

TEST_F(Race, goes_on_with_the_other_when_one_fails) {
  start({.race = true}, kMiB / 8);
  const AskId rival = steps_->next().id;
  steps_->fail(1, "reset");
  EXPECT_EQ(steps_->next_text(), "wait") << "the rival is at the same bytes";
  steps_->receive(rival, kMiB);
  steps_->fail(rival, "cut short");
  EXPECT_EQ(steps_->next_text(), "wait") << "both rest";
  steps_->pass(500ms);
  EXPECT_EQ(steps_->next_text(),
            "mirror 1: " + std::to_string(10 * kMiB) + " to " + std::to_string(16 * kMiB));
  EXPECT_EQ(steps_->schedule.trail(1), (std::vector<Failure>{{1, "reset"}, {0, "cut short"}}));
}

TEST_F(Race, is_not_run_when_the_rival_would_be_no_sooner_done) {
  Steps steps({.race = true}, 2, 16 * kMiB, 2, {{0, 4 * kMiB}});
  steps.next();
  steps.next();
  steps.receive_for(4, {{0, kMiB}, {1, kMiB}});
  steps.complete(0);
  EXPECT_EQ(steps.next_text(), "wait") << "4 MiB are left, 1 MiB/s for either";
  steps.receive_for(2, {{1, kMiB / 2}});
  EXPECT_EQ(steps.next_text(),
            "mirror 0: " + std::to_string(13 * kMiB) + " to " + std::to_string(16 * kMiB));
}

// Three mirrors with 100 MiB each; the third has gone slow.
class SlowConnection : public testing::Test {
 protected:
  void start(const Rules& rules) {
    steps_.emplace(rules, 3, 300 * kMiB, 3);
    steps_->begin(3);
  }
  Verdict verdict() { return steps_->schedule.judge(2, steps_->now); }

  std::optional<Steps> steps_;
};

TEST_F(SlowConnection, is_replaced_after_a_while_by_another_mirror) {
  start({.replace = true});
  steps_->receive_for(2, {{0, kMiB}, {1, kMiB}, {2, kMiB / 8}});
  EXPECT_EQ(verdict(), Verdict::go_on) << "it may pick up yet";
  steps_->receive_for(1, {{0, kMiB}, {1, kMiB}, {2, kMiB / 8}});
  EXPECT_EQ(verdict(), Verdict::too_slow);
  steps_->schedule.ended(2, Ending::stopped, "too slow", steps_->now);
  const Decision decision = steps_->next();
  EXPECT_EQ(decision.mirror, 0U);
  EXPECT_EQ(decision.range.begin, 200 * kMiB + 3 * kMiB / 8);
  EXPECT_FALSE(steps_->schedule.mirrors().is_resting(2, steps_->now)) << "slow is no failure";
  EXPECT_EQ(steps_->schedule.trail(2), (std::vector<Failure>{{2, "too slow"}}));
}

TEST_F(SlowConnection, is_compared_with_mirrors_that_are_done_as_well) {
  Steps steps({.replace = true}, 2, 200 * kMiB, 2);
  steps.next();
  steps.next();
  steps.receive_for(10, {{0, 10 * kMiB}, {1, kMiB}});
  steps.complete(0);
  EXPECT_EQ(steps.schedule.judge(1, steps.now), Verdict::too_slow);
}

TEST_F(SlowConnection, is_kept_when_the_rules_say_so) {
  start({});
  steps_->receive_for(10, {{0, kMiB}, {1, kMiB}, {2, 1}});
  EXPECT_EQ(verdict(), Verdict::go_on);
}

TEST_F(SlowConnection, is_one_with_less_than_a_quarter_of_the_others_median) {
  start({.replace = true});
  steps_->receive_for(10, {{0, kMiB}, {1, 2 * kMiB}, {2, kMiB / 4}});
  EXPECT_EQ(verdict(), Verdict::go_on);
  steps_->receive_for(1, {{0, kMiB}, {1, kMiB}, {2, kMiB / 4 - 1}});
  EXPECT_EQ(verdict(), Verdict::too_slow);
}

TEST_F(SlowConnection, is_kept_when_it_will_be_done_soon) {
  start({.replace = true});
  steps_->receive(2, 99 * kMiB);
  steps_->receive_for(5, {{0, 4 * kMiB}, {1, 4 * kMiB}, {2, kMiB / 6}});
  EXPECT_EQ(verdict(), Verdict::go_on) << "1/6 MiB is left, at 1/6 MiB/s";
}

TEST_F(SlowConnection, is_kept_when_there_is_nobody_else_to_ask) {
  start({.replace = true});
  steps_->receive_for(10, {{0, kMiB}, {1, kMiB}, {2, kMiB / 8}});
  steps_->schedule.give_up(0, "other contents");
  EXPECT_EQ(verdict(), Verdict::too_slow) << "1 may be asked";
  steps_->schedule.give_up(1, "other contents");
  EXPECT_EQ(verdict(), Verdict::go_on);
}

TEST_F(SlowConnection, is_not_one_that_waits_its_turn) {
  Steps steps({.replace = true}, 2, 300 * kMiB, 3);
  steps.begin(3);
  steps.receive_for(10, {{0, kMiB}, {1, kMiB}});
  EXPECT_EQ(steps.schedule.judge(2, steps.now), Verdict::go_on) << "mirror 0 delivers chunk 0";
}

}  // namespace
}  // namespace dlab::part4
