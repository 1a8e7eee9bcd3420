#include "part4_mirrors/mirror.hpp"

#include <gtest/gtest.h>

#include "common/exchange/requests.hpp"

namespace dlab::part4 {
namespace {

Mirror mirror() {
  return Mirror({.text = "http://h/f", .endpoint = {}});
}

TEST(MirrorVersion, of_the_first_answer_is_that_of_all) {
  Mirror one = mirror();
  note_version(one, "", wire::kAnyVersion);
  note_version(one, "", 7);
  note_version(one, "", 7);
  EXPECT_THROW(note_version(one, "", 8), exchange::Refused);
  EXPECT_THROW(note_version(one, "", wire::kAnyVersion), exchange::Refused);
  EXPECT_EQ(one.versions.of(""), 7U);
}

TEST(MirrorVersion, of_different_places_behind_one_mirror_is_not_compared) {
  Mirror one = mirror();
  note_version(one, "http://a/f", 1);
  note_version(one, "http://b/f", 2);
  EXPECT_THROW(note_version(one, "http://a/f", 2), exchange::Refused);
}

TEST(MirrorName, in_a_record_tells_where_redirections_have_led) {
  const Mirror one = mirror();
  for (const std::string origin : {"", "http://a/f"}) {
    EXPECT_EQ(origin_of(one, recorded_name(one, origin)), origin);
  }
  EXPECT_EQ(origin_of(one, "http://h/f2"), std::nullopt);
  EXPECT_EQ(origin_of(one, "http://g/f -> http://a/f"), std::nullopt);
}

TEST(Remarks, are_made_of_bytes_whose_change_nothing_would_have_told) {
  Mirrors mirrors;
  mirrors.emplace_back(MirrorAddress{.text = "http://h/f", .endpoint = {}});
  mirrors.front().unsure_answers = 1;
  EXPECT_TRUE(remarks(mirrors, false).empty()) << "one answer is of one file";
  mirrors.front().unsure_answers = 2;
  EXPECT_TRUE(remarks(mirrors, true).empty()) << "its digest is right";
  ASSERT_EQ(remarks(mirrors, false).size(), 1U);
  EXPECT_TRUE(remarks(mirrors, false).front().starts_with("http://h/f: tells neither"));
}

TEST(Remarks, are_made_of_what_was_kept_though_it_was_called_encoded) {
  Mirrors mirrors;
  mirrors.emplace_back(MirrorAddress{.text = "http://h/f.gz", .endpoint = {}});
  mirrors.front().labels_as_encoded = true;
  EXPECT_EQ(remarks(mirrors, true).size(), 1U);
}

}  // namespace
}  // namespace dlab::part4
