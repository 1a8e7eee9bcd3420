#include "part4_mirrors/mirror_table.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

using namespace std::chrono_literals;

// Three mirrors and an invented clock.
class KnownMirrors : public testing::Test {
 protected:
  KnownMirrors() = default;
  explicit KnownMirrors(Select select) : rules_{.select = select} {}

  // What `choose` says: the mirror's number, or a negative one for none.
  int choose(std::size_t first, std::uint64_t bytes = 1000) {
    piece_.first = first;
    piece_.range = {0, bytes};
    const Choice choice = table_.choose(piece_, loads_, now_);
    return choice.mirror ? static_cast<int>(*choice.mirror) : -1;
  }
  std::optional<base::TimePoint> rested_at() {
    return table_.choose(piece_, loads_, now_).rested_at;
  }
  // The mirror brings so many bytes within a second, and is idle again.
  void measure(std::size_t mirror, std::uint64_t bytes) {
    table_.asked(mirror, now_);
    now_ += 1s;
    table_.received(mirror, bytes, now_);
    table_.ended(mirror, now_);
  }
  void give_work(std::size_t mirror, std::uint64_t bytes) {
    loads_[mirror] = {.asks = 1, .bytes = bytes};
    table_.asked(mirror, now_);
  }
  void fail_all() {
    for (std::size_t mirror = 0; mirror < 3; ++mirror) {
      table_.failed(mirror, "refused", now_);
    }
  }

  Rules rules_;
  MirrorTable table_{rules_, 3};
  std::vector<Load> loads_{3};
  Piece piece_{.tried = std::vector<bool>(3)};
  base::TimePoint now_{1h};
};

class RotatedMirrors : public KnownMirrors {};

TEST_F(RotatedMirrors, rotation_begins_where_the_piece_says_and_passes_over_who_was_tried) {
  EXPECT_EQ(choose(1), 1);
  piece_.tried[1] = true;
  EXPECT_EQ(choose(1), 2);
  piece_.tried[2] = true;
  EXPECT_EQ(choose(1), 0) << "after the last comes the first";
  piece_.tried[0] = true;
  EXPECT_EQ(choose(1), -1);
  EXPECT_EQ(rested_at(), std::nullopt) << "nobody is worth waiting for";
}

TEST_F(RotatedMirrors, what_was_measured_and_who_is_busy_do_not_count) {
  measure(0, 10);
  give_work(0, 1'000'000);
  measure(1, 1'000'000);
  EXPECT_EQ(choose(0), 0);
}

TEST_F(RotatedMirrors, one_that_failed_rests_for_all_and_comes_back) {
  table_.failed(1, "refused", now_);
  EXPECT_EQ(choose(1), 2);
  now_ = *rested_at();
  EXPECT_EQ(choose(1), 1);
}

TEST_F(RotatedMirrors, rests_differ_by_mirror_and_seed_and_are_the_same_again) {
  const auto rests = [](std::uint64_t seed) {
    const Rules rules{.seed = seed};
    MirrorTable table(rules, 2);
    std::vector<base::TimePoint> until;
    for (const std::size_t mirror : {0U, 1U}) {
      table.failed(mirror, "refused", base::TimePoint(1h));
      Piece piece{.tried = {true, true}};
      piece.tried[mirror] = false;
      until.push_back(*table.choose(piece, std::vector<Load>(2), base::TimePoint(1h)).rested_at);
      EXPECT_GE(until.back(), base::TimePoint(1h) + 250ms);
      EXPECT_LE(until.back(), base::TimePoint(1h) + 500ms);
    }
    EXPECT_NE(until[0], until[1]);
    return until;
  };
  EXPECT_EQ(rests(1), rests(1));
  EXPECT_NE(rests(1), rests(9));
}

TEST_F(RotatedMirrors, who_comes_back_is_asked_by_one_until_a_byte_has_come) {
  fail_all();
  now_ += 500ms;
  EXPECT_EQ(choose(1), 1);
  give_work(1, 1000);
  EXPECT_EQ(choose(1), 2) << "1 is being tried";
  give_work(2, 1000);
  give_work(0, 1000);
  EXPECT_EQ(choose(1), -1);
  EXPECT_EQ(rested_at(), now_ + 100ms) << "to look again";
  table_.received(1, 1, now_);
  EXPECT_EQ(choose(1), 1) << "it lives";
  table_.ended(2, now_);
  EXPECT_EQ(choose(2), 2) << "nobody tries it any more";
}

TEST_F(RotatedMirrors, with_that_wish_each_mirror_is_first_asked_by_one_alone) {
  rules_.ask_alone_first = true;
  MirrorTable table(rules_, 2);
  EXPECT_EQ(table.choose(piece_, loads_, now_).mirror, 0U);
  table.asked(0, now_);
  EXPECT_EQ(table.choose(piece_, loads_, now_).mirror, 1U);
  table.received(0, 1, now_);
  EXPECT_EQ(table.choose(piece_, loads_, now_).mirror, 0U);
}

TEST_F(RotatedMirrors, each_failure_in_a_row_makes_the_rest_longer_until_it_is_given_up) {
  rules_.longest_rest = 3s;
  MirrorTable table(rules_, 2);
  for (const auto rest : {500ms, 1000ms, 2000ms, 3000ms}) {
    table.failed(1, "refused", now_);
    EXPECT_TRUE(table.is_resting(1, now_ + rest / 2 - 1ns)) << rest.count();
    now_ += rest;
    EXPECT_FALSE(table.is_resting(1, now_)) << rest.count();
    EXPECT_FALSE(table.is_given_up(1));
  }
  table.failed(1, "reset", now_);
  EXPECT_TRUE(table.is_given_up(1));
  EXPECT_EQ(table.reason(1), "reset");
  piece_.first = 1;
  EXPECT_EQ(table.choose(piece_, loads_, now_ + 24h).mirror, 0U);
}

TEST_F(RotatedMirrors, connections_that_die_together_are_one_failure) {
  for (int i = 0; i < 10; ++i) {
    table_.failed(1, "reset", now_);
  }
  EXPECT_FALSE(table_.is_given_up(1));
  EXPECT_FALSE(table_.is_resting(1, now_ + 500ms));
}

TEST_F(RotatedMirrors, a_success_ends_the_rest_and_the_row_of_failures) {
  table_.failed(1, "reset", now_);
  table_.succeeded(1);
  EXPECT_EQ(choose(1), 1);
  table_.failed(1, "reset", now_);
  EXPECT_FALSE(table_.is_resting(1, now_ + 500ms)) << "the first failure of a new row";
}

TEST_F(RotatedMirrors, when_all_rest_the_first_to_be_rested_is_waited_for) {
  table_.failed(1, "refused", now_);
  table_.failed(2, "refused", now_);
  now_ += 500ms;
  fail_all();
  EXPECT_EQ(choose(1), -1);
  EXPECT_LE(rested_at(), now_ + 500ms) << "0, which has failed once";
  piece_.tried[0] = true;
  EXPECT_GE(rested_at(), now_ + 500ms) << "who was tried is not waited for";
}

TEST_F(RotatedMirrors, who_is_given_up_is_not_waited_for) {
  fail_all();
  for (std::size_t mirror = 0; mirror < 3; ++mirror) {
    table_.give_up(mirror, "not-found");
  }
  EXPECT_EQ(choose(0), -1);
  EXPECT_EQ(rested_at(), std::nullopt);
}

class FastestMirrors : public KnownMirrors {
 protected:
  FastestMirrors() : KnownMirrors(Select::fastest) {}
};

TEST_F(FastestMirrors, each_mirror_is_probed_once_before_any_is_preferred) {
  EXPECT_EQ(choose(1), 1);
  give_work(1, 1000);
  EXPECT_EQ(choose(1), 2) << "1 is being probed";
  measure(2, 1000);
  EXPECT_EQ(choose(1), 0) << "2 is known, 0 is not";
}

TEST_F(FastestMirrors, while_all_are_being_probed_the_least_loaded_is_asked) {
  give_work(0, 3000);
  give_work(1, 1000);
  give_work(2, 2000);
  EXPECT_EQ(choose(0), 1);
}

TEST_F(FastestMirrors, the_highest_goodput_gets_everything_however_busy_it_is) {
  measure(0, 1000);
  measure(1, 3000);
  measure(2, 2000);
  give_work(1, 1'000'000);
  EXPECT_EQ(choose(0), 1);
}

TEST_F(FastestMirrors, a_mirror_that_failed_is_probed_anew_after_its_rest) {
  measure(0, 1000);
  measure(1, 3000);
  measure(2, 2000);
  table_.failed(0, "reset", now_);
  EXPECT_EQ(choose(0), 1);
  now_ += 500ms;
  EXPECT_EQ(table_.goodput(0, now_), std::nullopt);
  EXPECT_EQ(choose(1), 0);
}

class AdaptiveMirrors : public KnownMirrors {
 protected:
  AdaptiveMirrors() : KnownMirrors(Select::adaptive) {}
};

TEST_F(AdaptiveMirrors, who_is_done_first_with_this_and_all_before_it_is_asked) {
  measure(0, 1000);
  measure(1, 3000);
  measure(2, 100);
  EXPECT_EQ(choose(0), 1);
  give_work(1, 1000);
  EXPECT_EQ(choose(0), 1) << "2000 at 3000 a second";
  loads_[1].bytes = 2001;
  EXPECT_EQ(choose(0), 0) << "1000 at 1000 a second";
  loads_[0] = {.asks = 9, .bytes = 9001};
  loads_[1].bytes = 30'000;
  EXPECT_EQ(choose(0), 2) << "even the slow one when the others are overloaded";
}

TEST_F(AdaptiveMirrors, a_mirror_that_brings_nothing_any_more_comes_last) {
  measure(0, 0);
  measure(1, 10);
  measure(2, 20);
  give_work(1, 1'000'000);
  give_work(2, 1'000'000);
  EXPECT_EQ(choose(0), 2);
}

TEST_F(AdaptiveMirrors, has_delivered_tells_since_when) {
  measure(1, 10);
  EXPECT_TRUE(table_.has_delivered(1, now_ - 1ns));
  EXPECT_FALSE(table_.has_delivered(1, now_));
  EXPECT_FALSE(table_.has_delivered(0, now_ - 1h));
}

}  // namespace
}  // namespace dlab::part4
