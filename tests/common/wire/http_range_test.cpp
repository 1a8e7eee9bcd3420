#include "common/wire/http_range.hpp"

#include <gtest/gtest.h>

namespace dlab::wire {

// How a failed expectation shows a range.
static void PrintTo(const AskedRange& range, std::ostream* out) {
  *out << static_cast<int>(range.kind) << " [" << range.begin << ", " << range.end << ')';
}

namespace {

constexpr AskedRange kWhole{};
constexpr AskedRange kUnsatisfiable{.kind = RangeKind::unsatisfiable};
constexpr std::uint64_t kLargest = ~std::uint64_t{0};

AskedRange part(std::uint64_t begin, std::uint64_t end) {
  return {RangeKind::part, begin, end};
}

TEST(HttpRange, first_and_last_are_both_included) {
  EXPECT_EQ(parse_byte_range("bytes=0-0", 1000), part(0, 1));
  EXPECT_EQ(parse_byte_range("bytes=500-999", 1000), part(500, 1000));
  EXPECT_EQ(parse_byte_range("BYTES=007-8", 1000), part(7, 9));
  EXPECT_EQ(parse_byte_range("bytes= 1-2\t", 1000), part(1, 3));
}

TEST(HttpRange, an_open_range_goes_to_the_end) {
  EXPECT_EQ(parse_byte_range("bytes=0-", 1000), part(0, 1000));
  EXPECT_EQ(parse_byte_range("bytes=999-", 1000), part(999, 1000));
}

TEST(HttpRange, a_suffix_counts_from_the_end) {
  EXPECT_EQ(parse_byte_range("bytes=-1", 1000), part(999, 1000));
  EXPECT_EQ(parse_byte_range("bytes=-1000", 1000), part(0, 1000));
  EXPECT_EQ(parse_byte_range("bytes=-1001", 1000), part(0, 1000));
}

TEST(HttpRange, an_end_behind_the_file_is_cut) {
  EXPECT_EQ(parse_byte_range("bytes=500-1000", 1000), part(500, 1000));
  EXPECT_EQ(parse_byte_range("bytes=500-18446744073709551615", 1000), part(500, 1000));
  EXPECT_EQ(parse_byte_range("bytes=0-18446744073709551615", kLargest), part(0, kLargest));
}

TEST(HttpRange, numbers_of_any_length_are_numbers) {
  EXPECT_EQ(parse_byte_range("bytes=5-99999999999999999999999999", 1000), part(5, 1000));
  EXPECT_EQ(parse_byte_range("bytes=-99999999999999999999999999", 1000), part(0, 1000));
  EXPECT_EQ(parse_byte_range("bytes=99999999999999999999999999-", 1000), kUnsatisfiable);
}

TEST(HttpRange, what_begins_behind_the_end_cannot_be_satisfied) {
  EXPECT_EQ(parse_byte_range("bytes=1000-", 1000), kUnsatisfiable);
  EXPECT_EQ(parse_byte_range("bytes=1000-2000", 1000), kUnsatisfiable);
  EXPECT_EQ(parse_byte_range("bytes=-0", 1000), kUnsatisfiable);
  EXPECT_EQ(parse_byte_range("bytes=0-", 0), kUnsatisfiable);
  EXPECT_EQ(parse_byte_range("bytes=0-0", 0), kUnsatisfiable);
}

TEST(HttpRange, the_last_bytes_of_an_empty_file_are_the_file) {
  EXPECT_EQ(parse_byte_range("bytes=-5", 0), kWhole);
}

TEST(HttpRange, several_ranges_other_units_and_nonsense_are_ignored) {
  for (const auto* field :
       {"bytes=0-1,3-4", "bytes=0-1,", "bytes=,0-1", "bytes=5-4",   "bytes=-",     "bytes=",
        "bytes=5",       "bytes=a-5",  "bytes=5-a",  "bytes=0x1-2", "bytes=1-2-3", "bytes=--5",
        "bytes=+1-2",    "bytes=1 -2", "bytes=1- 2", "bytes 0-1",   "lines=0-1",   "byte=0-1",
        "bytes",         "",           "0-1"}) {
    EXPECT_EQ(parse_byte_range(field, 1000), kWhole) << field;
  }
}

}  // namespace
}  // namespace dlab::wire
