// Mirrors that know no ranges: one connection brings the file from its front. And files whose size
// nobody tells.

#include <gtest/gtest.h>

#include "tests/part4_mirrors/schedule_steps.hpp"

namespace dlab::part4 {
namespace {

std::string begin_stream(Steps& steps, AskId ask) {
  const Decision decision = steps.schedule.begin_stream(ask, steps.now);
  steps.id = decision.id;
  return text(decision);
}

std::string next_of_stream(Steps& steps) {
  steps.receive(steps.id, steps.schedule.wanted(steps.id));
  const Decision decision = steps.schedule.next_of_stream(steps.id, steps.now);
  steps.id = decision.id;
  return text(decision);
}

TEST(Streams, one_connection_brings_all_chunks_from_the_front) {
  Steps steps({}, 1, 100, 4);
  steps.begin(2);
  EXPECT_EQ(begin_stream(steps, 1), "mirror 0: 25 to 50") << "0 to 25 is asked for already";
  EXPECT_EQ(begin_stream(steps, 0), "over") << "another connection streams";
  EXPECT_EQ(steps.next_text(), "wait");
  steps.id = 2;
  EXPECT_EQ(next_of_stream(steps), "mirror 0: 50 to 75");
  EXPECT_EQ(next_of_stream(steps), "mirror 0: 75 to 100");
  EXPECT_EQ(next_of_stream(steps), "over") << "0 to 25 has passed";
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 25");
  EXPECT_EQ(begin_stream(steps, steps.id), "mirror 0: 0 to 25");
  EXPECT_EQ(next_of_stream(steps), "over");
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_EQ(steps.schedule.duplicate_bytes(), 0U);
  EXPECT_EQ(steps.schedule.failures(), 0U);
}

TEST(Streams, a_mirror_that_is_known_to_have_no_ranges_is_asked_once) {
  Steps steps({}, 1, 100, 4);
  steps.schedule.knows_no_ranges(0);
  EXPECT_EQ(steps.next_text(), "mirror 0: 0 to 25");
  EXPECT_EQ(steps.next_text(), "wait");
}

TEST(Streams, others_bring_ranges_of_the_same_file_meanwhile) {
  Steps steps({}, 2, 100, 4);
  steps.begin(1);
  EXPECT_EQ(begin_stream(steps, 0), "mirror 0: 0 to 25");
  const AskId stream = steps.id;
  EXPECT_EQ(steps.next_text(), "mirror 1: 25 to 50");
  steps.id = stream;
  EXPECT_EQ(next_of_stream(steps), "mirror 0: 50 to 75") << "what 1 brings is skipped";
}

TEST(Streams, to_skip_what_others_bring_is_no_stall) {
  Steps steps({}, 2, 100, 4);
  steps.begin(1);
  begin_stream(steps, 0);
  steps.pass(29s);
  steps.schedule.heard(steps.id, steps.now);
  steps.pass(29s);
  EXPECT_EQ(steps.schedule.judge(steps.id, steps.now), Verdict::go_on);
}

TEST(Streams, one_that_breaks_leaves_the_rest_to_others) {
  Steps steps({}, 2, 100, 2);
  steps.begin(1);
  begin_stream(steps, 0);
  steps.receive(steps.id, 10);
  steps.fail(steps.id, "reset");
  EXPECT_EQ(steps.next_text(), "mirror 1: 10 to 50");
  EXPECT_EQ(steps.next_text(), "mirror 1: 50 to 100");
}

TEST(UnknownSize, is_one_chunk_that_ends_where_the_stream_does) {
  Steps steps({}, 1, std::nullopt, 4);
  EXPECT_EQ(steps.schedule.size(), std::nullopt);
  const Decision decision = steps.next();
  EXPECT_EQ(decision.range, (storage::ByteRange{0, kUnknownEnd}));
  begin_stream(steps, decision.id);
  steps.receive(steps.id, 70);
  EXPECT_GT(steps.schedule.wanted(steps.id), 0U);
  steps.schedule.file_ends(steps.id);
  EXPECT_EQ(steps.schedule.wanted(steps.id), 0U);
  EXPECT_EQ(steps.schedule.size(), 70U);
  EXPECT_EQ(next_of_stream(steps), "over");
  EXPECT_EQ(steps.next_text(), "over");
  EXPECT_TRUE(steps.schedule.missing().empty());
}

TEST(UnknownSize, of_a_stream_that_breaks_the_rest_is_missing) {
  Steps steps({}, 1, std::nullopt, 1);
  begin_stream(steps, steps.next().id);
  steps.receive(steps.id, 70);
  steps.fail(steps.id, "reset");
  EXPECT_EQ(steps.schedule.missing(), (std::vector<MissingBytes>{{0, {70, kUnknownEnd}}}));
}

}  // namespace
}  // namespace dlab::part4
