#include "part4_mirrors/web_answer.hpp"

#include <gtest/gtest.h>

#include "common/exchange/requests.hpp"

namespace dlab::part4 {
namespace {

using exchange::ProtocolError;
using exchange::Refused;
using wire::ErrorCode;

RangeRequest bytes(std::uint64_t begin, std::uint64_t end, std::uint64_t version = 0) {
  return {.name = "a", .version = version, .range = {begin, end}};
}

const RangeRequest kSizeAlone = bytes(0, 0);

WebBody understood(const WebAnswer& answer, const RangeRequest& asked) {
  return understand(answer, asked, "get http://h/a");
}

// In which words of our protocol is it refused? `none`: it is not.
std::optional<ErrorCode> refused(const WebAnswer& answer, const RangeRequest& asked = kSizeAlone) {
  try {
    understood(answer, asked);
  } catch (const Refused& refusal) {
    return refusal.code();
  }
  return std::nullopt;
}

void expect_nonsense(const WebAnswer& answer, const RangeRequest& asked, const std::string& why) {
  try {
    understood(answer, asked);
    ADD_FAILURE() << "taken, but: " << why;
  } catch (const ProtocolError& error) {
    EXPECT_EQ(std::string(error.what()).find("get http://h/a: "), 0U) << error.what();
    EXPECT_NE(std::string(error.what()).find(why), std::string::npos) << error.what();
  }
}

TEST(WebAnswer, what_is_asked_for_has_at_least_one_byte) {
  EXPECT_EQ(range_to_ask({0, 1}), "0-0");
  EXPECT_EQ(range_to_ask({500, 1000}), "500-999");
  EXPECT_EQ(range_to_ask({0, 0}), "0-0");
  EXPECT_EQ(range_to_ask({7, 7}), "0-0");
}

TEST(WebAnswer, a_part_is_the_range_and_tells_the_size) {
  const auto body = understood(
      {.status = 206, .content_length = 10, .content_range = "bytes 5-14/1000"}, bytes(5, 15));
  EXPECT_EQ(body.head.size, 1000U);
  EXPECT_EQ(body.head.length, 10U);
  EXPECT_EQ(body.head.version, wire::kAnyVersion);
  EXPECT_EQ(body.skip, 0U);
}

TEST(WebAnswer, the_size_alone_has_no_bytes) {
  const auto body = understood({.status = 206, .content_range = "bytes 0-0/1000"}, kSizeAlone);
  EXPECT_EQ(body.head.size, 1000U);
  EXPECT_EQ(body.head.length, 0U);
}

TEST(WebAnswer, a_part_that_is_cut_off_at_the_end_tells_the_size_of_a_smaller_file) {
  const auto body = understood({.status = 206, .content_range = "bytes 5-8/9"}, bytes(5, 15));
  EXPECT_EQ(body.head.size, 9U);
  EXPECT_EQ(body.head.length, 4U);
}

TEST(WebAnswer, a_part_that_was_not_asked_for_is_nonsense) {
  for (const char* range :
       {"", "bytes 4-14/1000", "bytes 5-13/1000", "bytes 5-15/1000", "bytes */1000", "nonsense"}) {
    expect_nonsense({.status = 206, .content_range = range}, bytes(5, 15), "for another range");
  }
  expect_nonsense({.status = 206, .content_range = "bytes 5-14/*"}, bytes(5, 15),
                  "does not tell the size");
  expect_nonsense({.status = 206, .content_length = 9, .content_range = "bytes 5-14/1000"},
                  bytes(5, 15), "Content-Length 9 for a range of 10 bytes");
}

TEST(WebAnswer, the_whole_file_is_skipped_up_to_the_range) {
  const auto body = understood({.status = 200, .content_length = 1000}, bytes(5, 15));
  EXPECT_EQ(body.head.size, 1000U);
  EXPECT_EQ(body.head.length, 10U);
  EXPECT_EQ(body.skip, 5U);
}

TEST(WebAnswer, a_file_that_ends_before_the_range_has_less_of_it) {
  EXPECT_EQ(understood({.status = 200, .content_length = 12}, bytes(5, 15)).head.length, 7U);
  EXPECT_EQ(understood({.status = 200, .content_length = 3}, bytes(5, 15)).head.length, 0U);
  EXPECT_EQ(understood({.status = 200, .content_length = 0}, kSizeAlone).head.size, 0U);
}

TEST(WebAnswer, a_whole_file_of_unknown_size_is_nonsense) {
  expect_nonsense({.status = 200}, kSizeAlone, "does not tell the size");
}

TEST(WebAnswer, an_empty_file_has_no_first_byte) {
  const auto body = understood({.status = 416, .content_range = "bytes */0"}, kSizeAlone);
  EXPECT_EQ(body.head.size, 0U);
  EXPECT_EQ(body.head.length, 0U);
}

TEST(WebAnswer, a_range_behind_the_end_is_refused) {
  const auto beyond = [](const char* range) {
    return WebAnswer{.status = 416, .content_range = range};
  };
  EXPECT_EQ(refused(beyond("bytes */0"), bytes(5, 15)), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond("bytes */9"), bytes(5, 15)), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond("bytes */9")), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond("")), ErrorCode::bad_range);
}

TEST(WebAnswer, refusals_are_told_in_our_words) {
  const auto status = [](long code) {
    return refused({.status = code});
  };
  EXPECT_EQ(status(404), ErrorCode::not_found);
  EXPECT_EQ(status(410), ErrorCode::not_found);
  EXPECT_EQ(status(401), ErrorCode::forbidden);
  EXPECT_EQ(status(403), ErrorCode::forbidden);
  EXPECT_EQ(status(408), ErrorCode::timed_out);
  EXPECT_EQ(status(429), ErrorCode::busy);
  EXPECT_EQ(status(500), ErrorCode::busy);
  EXPECT_EQ(status(503), ErrorCode::busy);
}

TEST(WebAnswer, any_other_status_is_nonsense) {
  for (const long status : {0L, 100L, 204L, 300L, 304L, 400L, 418L}) {
    expect_nonsense({.status = status, .content_length = 1000}, kSizeAlone,
                    "HTTP status " + std::to_string(status) + " says nothing");
  }
}

TEST(WebAnswer, content_that_is_encoded_is_not_the_file) {
  expect_nonsense({.status = 200, .content_length = 9, .content_encoding = "gzip"}, kSizeAlone,
                  "encoded: gzip");
  EXPECT_EQ(
      understood({.status = 200, .content_length = 9, .content_encoding = "identity"}, kSizeAlone)
          .head.size,
      9U);
}

TEST(WebAnswer, a_strong_tag_counts_before_the_date) {
  const auto version = [](const char* etag, const char* date) {
    return version_of({.etag = etag, .last_modified = date});
  };
  EXPECT_EQ(version("", ""), wire::kAnyVersion);
  EXPECT_EQ(version("\"a\"", ""), 0xAC8D8342BBB2362DU) << "the front of the SHA-256 of \"a\"";
  EXPECT_EQ(version("\"a\"", "Mon"), version("\"a\"", "Tue"));
  EXPECT_NE(version("\"a\"", ""), version("\"b\"", ""));
  EXPECT_NE(version("", "Mon"), version("", "Tue"));
}

TEST(WebAnswer, a_weak_tag_does_not_count) {
  EXPECT_EQ(version_of({.etag = "W/\"a\""}), wire::kAnyVersion);
  EXPECT_EQ(version_of({.etag = "W/\"a\"", .last_modified = "Mon"}),
            version_of({.last_modified = "Mon"}));
}

TEST(WebAnswer, another_version_is_refused) {
  const WebAnswer now{.status = 206, .content_range = "bytes 5-14/1000", .etag = "\"a\""};
  WebAnswer later = now;
  later.etag = "\"b\"";
  WebAnswer silent = now;
  silent.etag.clear();
  const auto asked = bytes(5, 15, version_of(now));
  EXPECT_EQ(understood(now, asked).head.version, version_of(now));
  EXPECT_EQ(refused(later, asked), ErrorCode::version_changed);
  EXPECT_EQ(refused(silent, asked), ErrorCode::version_changed);
}

}  // namespace
}  // namespace dlab::part4
