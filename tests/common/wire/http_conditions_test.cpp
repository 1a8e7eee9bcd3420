#include "common/wire/http_conditions.hpp"

#include <gtest/gtest.h>

namespace dlab::wire {
namespace {

constexpr std::chrono::sys_seconds kModified{std::chrono::seconds(784'111'777)};
constexpr auto kNow = kModified + std::chrono::hours(1);
constexpr const char* kSecondBefore = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr const char* kSameSecond = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr const char* kSameSecondOfRfc850 = "Sunday, 06-Nov-94 08:49:37 GMT";
constexpr const char* kSecondAfter = "Sun, 06 Nov 1994 08:49:38 GMT";

const Validators kStrong{.tag = "\"a\"", .last_modified = kModified};
const Validators kWeak{.tag = "W/\"a\"", .last_modified = kModified};
const Validators kNone{};

int judged(const HttpRequest& request, const Validators& current = kStrong) {
  return static_cast<int>(judge_conditions(request, current, kNow));
}

TEST(HttpConditions, without_any_a_request_is_carried_out) {
  EXPECT_EQ(judged({}), 0);
}

TEST(HttpConditions, if_match_wants_one_of_its_tags_and_compares_strongly) {
  for (const auto* right : {"\"a\"", "\"b\", \"a\"", "\"b\" ,\t\"a\"", ", \"a\"", "*"}) {
    EXPECT_EQ(judged({.if_match = right}), 0) << right;
  }
  for (const auto* wrong : {"\"b\"", "W/\"a\"", "\"b\", W/\"a\"", "a", "", ",", "\"b\", *"}) {
    EXPECT_EQ(judged({.if_match = wrong}), 412) << wrong;
  }
}

TEST(HttpConditions, a_weak_tag_never_matches_if_match) {
  EXPECT_EQ(judged({.if_match = "\"a\""}, kWeak), 412);
  EXPECT_EQ(judged({.if_match = "W/\"a\""}, kWeak), 412);
  EXPECT_EQ(judged({.if_match = "*"}, kWeak), 0);
}

TEST(HttpConditions, if_unmodified_since_wants_no_later_change) {
  EXPECT_EQ(judged({.if_unmodified_since = kSecondBefore}), 412);
  EXPECT_EQ(judged({.if_unmodified_since = kSameSecond}), 0);
  EXPECT_EQ(judged({.if_unmodified_since = kSameSecondOfRfc850}), 0);
  EXPECT_EQ(judged({.if_unmodified_since = kSecondAfter}), 0);
}

TEST(HttpConditions, if_none_match_spares_a_client_what_it_has) {
  for (const auto* same : {"\"a\"", "W/\"a\"", "\"b\" ,\tW/\"a\"", "*"}) {
    EXPECT_EQ(judged({.if_none_match = same}), 304) << same;
    EXPECT_EQ(judged({.if_none_match = same}, kWeak), 304) << same;
  }
  for (const auto* other : {"\"b\"", "", ",", "\"b\", \"c\"", "w/\"a\""}) {
    EXPECT_EQ(judged({.if_none_match = other}), 0) << other;
  }
}

TEST(HttpConditions, if_modified_since_does_so_by_the_date) {
  EXPECT_EQ(judged({.if_modified_since = kSecondBefore}), 0);
  EXPECT_EQ(judged({.if_modified_since = kSameSecond}), 304);
  EXPECT_EQ(judged({.if_modified_since = "Sun Nov  6 08:49:37 1994"}), 304);
  EXPECT_EQ(judged({.if_modified_since = kSecondAfter}), 304);
}

TEST(HttpConditions, what_is_no_date_is_no_condition) {
  for (const auto* text : {"", "yesterday", "784111777"}) {
    EXPECT_EQ(judged({.if_unmodified_since = text}), 0) << text;
    EXPECT_EQ(judged({.if_modified_since = text}), 0) << text;
  }
}

// RFC 9110 section 13.2.2.
TEST(HttpConditions, tags_come_before_dates_and_what_is_expected_before_what_is_known) {
  EXPECT_EQ(judged({.if_match = "\"a\"", .if_unmodified_since = kSecondBefore}), 0);
  EXPECT_EQ(judged({.if_none_match = "\"b\"", .if_modified_since = kSameSecond}), 0);
  EXPECT_EQ(judged({.if_match = "\"b\"", .if_none_match = "\"a\""}), 412);
  EXPECT_EQ(judged({.if_match = "\"a\"", .if_none_match = "\"a\""}), 304);
  EXPECT_EQ(judged({.if_modified_since = kSameSecond, .if_unmodified_since = kSecondBefore}), 412);
}

TEST(HttpConditions, of_what_has_no_validators_only_its_being_there_is_known) {
  EXPECT_EQ(judged({.if_match = "*"}, kNone), 0);
  EXPECT_EQ(judged({.if_match = "\"a\""}, kNone), 412);
  EXPECT_EQ(judged({.if_match = "\"\""}, kNone), 412);
  EXPECT_EQ(judged({.if_none_match = "*"}, kNone), 304);
  EXPECT_EQ(judged({.if_none_match = ","}, kNone), 0);
  EXPECT_EQ(judged({.if_unmodified_since = kSecondBefore}, kNone), 0);
  EXPECT_EQ(judged({.if_modified_since = kSecondAfter}, kNone), 0);
}

bool wanted(const std::string& if_range, const Validators& current,
            std::chrono::sys_seconds now = kNow) {
  return range_is_wanted({.if_range = if_range}, current, now);
}

TEST(HttpConditions, a_range_is_wanted_of_what_the_client_began_with) {
  EXPECT_TRUE(range_is_wanted({}, kStrong, kNow));
  EXPECT_TRUE(wanted("\"a\"", kStrong));
  EXPECT_FALSE(wanted("\"b\"", kStrong));
  EXPECT_FALSE(wanted("W/\"a\"", kStrong));
  EXPECT_FALSE(wanted("W/\"a\"", kWeak));
  EXPECT_FALSE(wanted("*", kStrong));
}

TEST(HttpConditions, a_range_may_be_wanted_by_the_very_date_once_its_second_is_over) {
  EXPECT_TRUE(wanted(kSameSecond, kStrong));
  EXPECT_TRUE(wanted(kSameSecondOfRfc850, kStrong));
  EXPECT_FALSE(wanted(kSecondAfter, kStrong));
  EXPECT_FALSE(wanted(kSecondBefore, kStrong));
  EXPECT_FALSE(wanted(kSameSecond, kStrong, kModified));
  EXPECT_FALSE(wanted(kSameSecond, kNone));
}

TEST(EntityTags, have_all_the_digits_of_a_version) {
  EXPECT_EQ(entity_tag(1), "\"0000000000000001\"");
  EXPECT_EQ(entity_tag(~std::uint64_t{0}), "\"ffffffffffffffff\"");
  EXPECT_EQ(entity_tag(1, true), "W/\"0000000000000001\"");
}

}  // namespace
}  // namespace dlab::wire
