// What mirrors have under one name: groups, and what they mean.

#include "part4_mirrors/contents.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

// A digest that is nothing but this byte.
storage::Sha256Value digest(int byte) {
  storage::Sha256Value value;
  value.fill(static_cast<std::byte>(byte));
  return value;
}

Contents told(std::uint64_t size, int byte) {
  return {.size = size, .sha256 = digest(byte)};
}
const Contents kNotAsked;
const Contents kSilent{.trouble = "timed out"};

const std::vector<std::string> kFourNames{"a:1", "b:2", "c:3", "d:4"};

TEST(ContentsGroups, those_with_the_same_are_together_in_the_order_of_the_first) {
  EXPECT_EQ(group({told(7, 2), told(7, 1), told(7, 2)}),
            (std::vector<ContentsGroup>{{.size = 7, .sha256 = digest(2), .mirrors = {0, 2}},
                                        {.size = 7, .sha256 = digest(1), .mirrors = {1}}}));
}

TEST(ContentsGroups, another_size_is_another_group_and_so_is_no_digest) {
  const Contents no_digest{.size = 7, .trouble = "not-found"};
  EXPECT_EQ(group({no_digest, told(7, 1), {.size = 8}, no_digest}),
            (std::vector<ContentsGroup>{{.size = 7, .mirrors = {0, 3}},
                                        {.size = 7, .sha256 = digest(1), .mirrors = {1}},
                                        {.size = 8, .mirrors = {2}}}));
}

TEST(ContentsGroups, who_tells_nothing_is_in_none) {
  EXPECT_TRUE(group({kNotAsked, kSilent}).empty());
}

TEST(ContentsMatch, what_all_have_told_is_compared_with_what_has_come) {
  EXPECT_EQ(compare(digest(1), {told(7, 1), kSilent, told(7, 1)}), Match::good);
  EXPECT_EQ(compare(digest(1), {told(7, 2), kNotAsked, told(7, 2)}), Match::corrupted);
}

TEST(ContentsMatch, mirrors_that_differ_are_no_majority) {
  EXPECT_EQ(compare(digest(1), {told(7, 1), told(7, 1), told(7, 2)}), Match::different);
  EXPECT_EQ(compare(digest(1), {told(7, 2), told(7, 3)}), Match::different);
}

TEST(ContentsMatch, without_a_digest_nothing_is_known) {
  EXPECT_EQ(compare(digest(1), {kSilent, kNotAsked, {.size = 7}}), Match::unknown);
}

TEST(ContentsComplaint, a_line_for_each_group_and_for_who_tells_nothing) {
  const std::string ones = storage::to_hex(digest(1));
  EXPECT_EQ(different_contents({told(7, 1), {.size = 8, .trouble = "reset"}, told(7, 1), kSilent},
                               kFourNames),
            "the mirrors have different files under this name\n"
            "  7 bytes, sha256 " +
                ones +
                ": a:1, c:3\n"
                "  8 bytes, no digest: b:2\n"
                "  b:2: reset\n"
                "  d:4: timed out\n"
                "  --digest HEX or --trust HOST:PORT decides");
}

TEST(ContentsComplaint, who_could_not_be_asked_says_why) {
  EXPECT_EQ(not_verified({kNotAsked, kSilent}, kFourNames),
            "no mirror can be asked for the digest\n  b:2: timed out");
}

}  // namespace
}  // namespace dlab::part4
