#include "part4_mirrors/web_answer.hpp"

#include <gtest/gtest.h>

#include "common/exchange/requests.hpp"

namespace dlab::part4 {
namespace {

using exchange::ProtocolError;
using exchange::Refused;
using wire::ErrorCode;
using namespace std::chrono_literals;

RangeRequest bytes(std::uint64_t begin, std::uint64_t end) {
  return {.name = "a", .range = {begin, end}};
}

const RangeRequest kSizeAlone = bytes(0, 0);
const RangeRequest kWhole = bytes(0, kUnknownEnd);

FileHead understood(const WebAnswer& answer, const RangeRequest& asked) {
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

TEST(WebAnswer, the_whole_file_is_asked_for_without_a_range) {
  EXPECT_EQ(range_to_ask(kWhole.range), "");
}

TEST(WebAnswer, a_part_is_the_range_and_tells_the_size) {
  const auto head = understood(
      {.status = 206, .content_length = 10, .content_range = "bytes 5-14/1000"}, bytes(5, 15));
  EXPECT_EQ(head.size, 1000U);
  EXPECT_EQ(head.length, 10U);
  EXPECT_EQ(head.version, wire::kAnyVersion);
  EXPECT_FALSE(head.is_whole);
}

TEST(WebAnswer, the_size_alone_has_no_bytes) {
  const auto head = understood({.status = 206, .content_range = "bytes 0-0/1000"}, kSizeAlone);
  EXPECT_EQ(head.size, 1000U);
  EXPECT_EQ(head.length, 0U);
}

TEST(WebAnswer, a_part_that_is_cut_off_at_the_end_tells_the_size_of_a_smaller_file) {
  const auto head = understood({.status = 206, .content_range = "bytes 5-8/9"}, bytes(5, 15));
  EXPECT_EQ(head.size, 9U);
  EXPECT_EQ(head.length, 4U);
}

TEST(WebAnswer, a_part_that_was_not_asked_for_is_nonsense) {
  for (const char* range :
       {"", "bytes 4-14/1000", "bytes 5-13/1000", "bytes 5-15/1000", "bytes */1000", "nonsense"}) {
    expect_nonsense({.status = 206, .content_range = range}, bytes(5, 15), "for another range");
  }
  expect_nonsense({.status = 206, .content_length = 9, .content_range = "bytes 5-14/1000"},
                  bytes(5, 15), "Content-Length 9 for a range of 10 bytes");
}

TEST(WebAnswer, a_server_that_knows_no_ranges_sends_the_whole_file) {
  for (const auto& asked : {bytes(5, 15), bytes(5, 5000), kWhole}) {
    const auto head = understood({.status = 200, .content_length = 1000}, asked);
    EXPECT_TRUE(head.is_whole);
    EXPECT_EQ(head.size, 1000U);
    EXPECT_EQ(head.length, 1000U);
  }
}

TEST(WebAnswer, nothing_of_it_is_wanted_by_who_asks_for_the_size) {
  const auto head = understood({.status = 200, .content_length = 1000}, kSizeAlone);
  EXPECT_TRUE(head.is_whole);
  EXPECT_EQ(head.size, 1000U);
  EXPECT_EQ(head.length, 0U);
}

TEST(WebAnswer, the_size_may_not_be_told) {
  EXPECT_EQ(understood({.status = 200}, kSizeAlone).size, std::nullopt);
  EXPECT_EQ(understood({.status = 200}, kWhole).size, std::nullopt);
  EXPECT_EQ(understood({.status = 206, .content_range = "bytes 0-0/*"}, kSizeAlone).size,
            std::nullopt);
}

TEST(WebAnswer, a_part_is_no_answer_to_who_asks_for_the_whole) {
  expect_nonsense({.status = 206, .content_range = "bytes 0-8/10"}, kWhole, "for another range");
}

TEST(WebAnswer, an_empty_file_has_no_first_byte) {
  const auto head = understood({.status = 416, .content_range = "bytes */0"}, kSizeAlone);
  EXPECT_EQ(head.size, 0U);
  EXPECT_EQ(head.length, 0U);
}

TEST(WebAnswer, who_has_no_first_byte_and_does_not_say_why_tells_no_size) {
  EXPECT_EQ(understood({.status = 416}, kSizeAlone).size, std::nullopt);
}

TEST(WebAnswer, a_range_behind_the_end_is_refused) {
  const auto beyond = [](const char* range) {
    return WebAnswer{.status = 416, .content_range = range};
  };
  EXPECT_EQ(refused(beyond("bytes */0"), bytes(5, 15)), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond("bytes */9"), bytes(5, 15)), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond("bytes */9")), ErrorCode::bad_range);
  EXPECT_EQ(refused(beyond(""), bytes(5, 15)), ErrorCode::bad_range);
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
  EXPECT_EQ(status(503), ErrorCode::busy);
  EXPECT_EQ(status(500), ErrorCode::internal);
  EXPECT_EQ(status(504), ErrorCode::internal);
}

TEST(WebAnswer, how_long_to_wait_is_told_in_seconds) {
  const auto wait = [](const char* seconds) {
    return time_to_wait({.retry_after = seconds});
  };
  EXPECT_EQ(wait("3"), 3s);
  EXPECT_EQ(wait("0"), 0s);
  EXPECT_EQ(wait("99999999999999999999999"), 24h * 365);
  for (const char* nonsense : {"", "-3", "3 s", "soon", "1.5"}) {
    EXPECT_EQ(wait(nonsense), std::nullopt) << nonsense;
  }
}

TEST(WebAnswer, or_as_a_date_by_the_clock_of_the_server_or_by_ours) {
  const std::string later = "Sun, 06 Nov 1994 08:49:40 GMT";
  const std::time_t now = 784'111'777;  // 08:49:37
  EXPECT_EQ(time_to_wait({.retry_after = later, .received = now}), 3s);
  EXPECT_EQ(time_to_wait({.retry_after = later, .received = now + 60}), 0s);
  EXPECT_EQ(time_to_wait({.retry_after = later, .date = "Sunday, 06-Nov-94 08:49:30 GMT"}), 10s);
  EXPECT_EQ(time_to_wait({.retry_after = "Sun Nov  6 08:49:40 1994", .received = now}), 3s);
}

TEST(WebAnswer, a_busy_server_is_refused_with_its_wait) {
  try {
    understood({.status = 503, .retry_after = "7"}, kSizeAlone);
    ADD_FAILURE() << "not refused";
  } catch (const Refused& refusal) {
    EXPECT_EQ(refusal.wait(), 7s);
    EXPECT_STREQ(refusal.what(), "get http://h/a: busy: HTTP status 503, Retry-After: 7");
  }
}

TEST(WebAnswer, any_other_status_is_nonsense) {
  for (const long status : {0L, 100L, 204L, 300L, 304L, 400L, 418L}) {
    expect_nonsense({.status = status, .content_length = 1000}, kSizeAlone,
                    "HTTP status " + std::to_string(status) + " says nothing");
  }
}

TEST(WebAnswer, content_that_is_encoded_is_not_the_file) {
  expect_nonsense({.status = 200, .content_length = 9, .content_encoding = "gzip"}, kSizeAlone,
                  "encoded, though that was not asked for: gzip");
  EXPECT_EQ(
      understood({.status = 200, .content_length = 9, .content_encoding = "identity"}, kSizeAlone)
          .size,
      9U);
}

TEST(WebAnswer, to_say_that_it_is_not_encoded_is_nothing_special) {
  for (const char* word : {"", "identity", "Identity", "IDENTITY"}) {
    const auto head =
        understood({.status = 200, .content_length = 9, .content_encoding = word}, kSizeAlone);
    EXPECT_EQ(head.size, 9U) << word;
    EXPECT_FALSE(head.is_labelled_encoded) << word;
  }
}

TEST(WebAnswer, a_gzip_file_that_is_called_encoded_by_gzip_is_that_file) {
  const auto labelled = [](const std::string& name, const char* type, const char* encoding) {
    return understood({.status = 200,
                       .content_length = 9,
                       .content_encoding = encoding,
                       .content_type = type},
                      {.name = name})
        .is_labelled_encoded;
  };
  EXPECT_TRUE(labelled("a.gz", "", "gzip"));
  EXPECT_TRUE(labelled("a.tgz", "", "x-gzip"));
  EXPECT_TRUE(labelled("a", "application/gzip", "GZip"));
  EXPECT_TRUE(labelled("a", "Application/X-Gzip; q=1", "gzip"));
  EXPECT_THROW(labelled("a.gz", "", "br"), ProtocolError);
  EXPECT_THROW(labelled("a", "text/plain", "gzip"), ProtocolError);
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

TEST(WebAnswer, a_weak_tag_that_changes_tells_of_another_version) {
  EXPECT_NE(version_of({.etag = "W/\"a\""}), wire::kAnyVersion);
  EXPECT_NE(version_of({.etag = "W/\"a\""}), version_of({.etag = "W/\"b\""}));
  EXPECT_NE(version_of({.etag = "W/\"a\"", .last_modified = "Mon"}),
            version_of({.etag = "W/\"a\"", .last_modified = "Tue"}));
}

TEST(WebAnswer, a_weak_tag_that_stays_proves_nothing_and_neither_does_a_date_of_this_second) {
  const char* const changed = "Sun, 06 Nov 1994 08:49:37 GMT";
  const char* const later = "Sun, 06 Nov 1994 08:49:38 GMT";
  EXPECT_TRUE(has_sure_version({.etag = "\"a\""}));
  EXPECT_TRUE(has_sure_version({.last_modified = changed, .date = later}));
  EXPECT_TRUE(has_sure_version({.etag = "W/\"a\"", .last_modified = changed, .date = later}));
  EXPECT_FALSE(has_sure_version({.last_modified = changed, .date = changed}));
  EXPECT_FALSE(has_sure_version({.etag = "W/\"a\"", .date = later}));
  EXPECT_FALSE(has_sure_version({.date = later}));
}

TEST(WebAnswer, the_version_is_that_of_the_place_where_redirections_have_led) {
  EXPECT_EQ(understood({.status = 200, .origin = "http://x/a"}, kSizeAlone).origin, "http://x/a");
}

}  // namespace
}  // namespace dlab::part4
