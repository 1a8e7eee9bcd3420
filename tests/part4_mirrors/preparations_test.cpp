// What a download settles before its first byte: who is trusted, what an earlier run has found out.

#include "part4_mirrors/preparations.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

class Preparations : public testing::Test {
 protected:
  std::vector<MirrorAddress> addresses_ =
      parse_servers("127.0.0.1 9004\n[::1]:9005\nhttp://host/\n").mirrors;
  Mirrors mirrors_{addresses_.begin(), addresses_.end()};
};

TEST_F(Preparations, who_is_trusted_may_be_named_in_either_way) {
  EXPECT_EQ(place_of_trusted("127.0.0.1:9004", mirrors_), 0U);
  EXPECT_EQ(place_of_trusted("127.0.0.1 9004", mirrors_), 0U);
  EXPECT_EQ(place_of_trusted("[::1]:9005", mirrors_), 1U);
}

TEST_F(Preparations, who_is_trusted_must_be_one_of_the_mirrors_and_tell_a_digest) {
  for (const char* line :
       {"127.0.0.1:9005", "nonsense", "", "127.0.0.1:9004\n[::1]:9005", "http://host/"}) {
    EXPECT_THROW(place_of_trusted(line, mirrors_), base::UsageError) << line;
  }
}

TEST_F(Preparations, an_earlier_run_tells_which_versions_to_ask_for) {
  const storage::ControlRecord record{.size = 9, .mirrors = {{"[::1]:9005", 7}, {"gone:1", 8}}};
  begin_with(record, mirrors_);
  EXPECT_EQ(mirrors_[0].versions.of(""), wire::kAnyVersion);
  EXPECT_FALSE(mirrors_[0].is_recorded);
  EXPECT_EQ(mirrors_[1].versions.of(""), 7U);
  EXPECT_TRUE(mirrors_[1].is_recorded);
  EXPECT_TRUE(mirrors_[1].has_brought);
  begin_with(std::nullopt, mirrors_);
  EXPECT_EQ(mirrors_[1].versions.of(""), wire::kAnyVersion);
  EXPECT_FALSE(mirrors_[1].is_recorded);
}

TEST_F(Preparations, versions_behind_redirections_are_remembered_by_where_these_lead) {
  note_version(mirrors_[2], "http://a/f", 1);
  note_version(mirrors_[2], "http://b/f", 2);
  const auto record = record_to_begin_with("f", 9, std::nullopt, mirrors_);
  EXPECT_EQ(record.mirrors.size(), 2U);
  begin_with(std::nullopt, mirrors_);
  EXPECT_EQ(mirrors_[2].versions.of("http://a/f"), wire::kAnyVersion);
  begin_with(record, mirrors_);
  EXPECT_TRUE(mirrors_[2].is_recorded);
  EXPECT_EQ(mirrors_[2].versions.of("http://a/f"), 1U);
  EXPECT_EQ(mirrors_[2].versions.of("http://b/f"), 2U);
  EXPECT_EQ(mirrors_[2].versions.of(""), wire::kAnyVersion);
  EXPECT_FALSE(mirrors_[1].is_recorded);
}

TEST_F(Preparations, what_is_remembered_is_the_record_and_what_was_told_since) {
  note_version(mirrors_[0], "", 5);
  EXPECT_EQ(record_to_begin_with("f", 9, std::nullopt, mirrors_),
            (storage::ControlRecord{.name = "f", .size = 9, .mirrors = {{"127.0.0.1:9004", 5}}}));
  const storage::ControlRecord record{
      .name = "f", .size = 9, .mirrors = {{"gone:1", 8}}, .received = {{0, 3}}};
  EXPECT_EQ(record_to_begin_with("f", 9, record, mirrors_),
            (storage::ControlRecord{.name = "f",
                                    .size = 9,
                                    .mirrors = {{"127.0.0.1:9004", 5}, {"gone:1", 8}},
                                    .received = {{0, 3}}}));
}

}  // namespace
}  // namespace dlab::part4
