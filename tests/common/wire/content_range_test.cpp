#include <gtest/gtest.h>

#include "common/wire/http_head.hpp"
#include "common/wire/http_range.hpp"

namespace dlab::wire {

// How a failed expectation shows a range.
static void PrintTo(const SentRange& range, std::ostream* out) {
  *out << '[' << range.begin << ", " << range.end << ") of "
       << (range.size ? std::to_string(*range.size) : "?");
}

namespace {

std::optional<SentRange> sent(std::uint64_t begin, std::uint64_t end,
                              std::optional<std::uint64_t> size) {
  return SentRange{begin, end, size};
}

TEST(ContentRange, first_and_last_are_both_included) {
  EXPECT_EQ(parse_content_range("bytes 0-0/1000"), sent(0, 1, 1000));
  EXPECT_EQ(parse_content_range("bytes 500-999/1000"), sent(500, 1000, 1000));
  EXPECT_EQ(parse_content_range("Bytes  7-8/9 "), sent(7, 9, 9));
}

TEST(ContentRange, the_size_may_be_unknown) {
  EXPECT_EQ(parse_content_range("bytes 0-99/*"), sent(0, 100, std::nullopt));
}

TEST(ContentRange, a_range_that_cannot_be_had_tells_the_size) {
  EXPECT_EQ(parse_content_range("bytes */0"), sent(0, 0, 0));
  EXPECT_EQ(parse_content_range("bytes */1000"), sent(0, 0, 1000));
}

TEST(ContentRange, what_our_servers_say_is_understood) {
  EXPECT_EQ(parse_content_range(content_range(5, 17, 20)), sent(5, 17, 20));
}

TEST(ContentRange, bytes_that_the_file_would_not_have_are_nonsense) {
  EXPECT_EQ(parse_content_range("bytes 0-1000/1000"), std::nullopt);
  EXPECT_EQ(parse_content_range("bytes 0-0/0"), std::nullopt);
  EXPECT_EQ(parse_content_range("bytes 9-8/1000"), std::nullopt);
}

TEST(ContentRange, numbers_that_do_not_fit_are_nonsense) {
  EXPECT_EQ(parse_content_range("bytes 0-18446744073709551615/*"), std::nullopt);
  EXPECT_EQ(parse_content_range("bytes 0-1/18446744073709551616"), std::nullopt);
  EXPECT_EQ(parse_content_range("bytes */99999999999999999999999"), std::nullopt);
  EXPECT_EQ(parse_content_range("bytes 0-18446744073709551613/18446744073709551614"),
            sent(0, ~std::uint64_t{1}, ~std::uint64_t{1}));
}

TEST(ContentRange, anything_else_is_nonsense) {
  for (const char* field :
       {"", "bytes", "bytes ", "bytes=0-1/2", "items 0-1/2", "bytes 0-1", "bytes 0-1/", "bytes /2",
        "bytes -1/2", "bytes 0-/2", "bytes 0/2", "bytes */*", "bytes 0 - 1/2", "bytes +0-1/2",
        "bytes 0-1/2/3", "bytes 0-1/2, bytes 0-1/2", "bytes 0x0-1/2", "bytes 0-1/-2"}) {
    EXPECT_EQ(parse_content_range(field), std::nullopt) << field;
  }
}

}  // namespace
}  // namespace dlab::wire
