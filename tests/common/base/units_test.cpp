#include "common/base/units.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

using namespace std::chrono_literals;

TEST(Units, sizes_with_and_without_units) {
  EXPECT_EQ(parse_byte_count("0"), 0U);
  EXPECT_EQ(parse_byte_count("8192"), 8192U);
  EXPECT_EQ(parse_byte_count("7B"), 7U);
  EXPECT_EQ(parse_byte_count("64KiB"), 65'536U);
  EXPECT_EQ(parse_byte_count("64kB"), 64'000U);
  EXPECT_EQ(parse_byte_count("64KB"), 64'000U);
  EXPECT_EQ(parse_byte_count("1.5MB"), 1'500'000U);
  EXPECT_EQ(parse_byte_count("1.5MiB"), 1'572'864U);
  EXPECT_EQ(parse_byte_count("9.3GiB"), 9'985'798'963U);
  EXPECT_EQ(parse_byte_count("2GB"), 2'000'000'000U);
  EXPECT_EQ(parse_byte_count("1TiB"), 1'099'511'627'776U);
}

TEST(Units, whole_bytes_are_exact_where_a_double_is_not) {
  EXPECT_EQ(parse_byte_count("9007199254740993"), 9'007'199'254'740'993U);
  EXPECT_EQ(parse_byte_count("9223372036854775807"), 9'223'372'036'854'775'807U);
}

TEST(Units, sizes_from_2_to_the_63_are_refused) {
  EXPECT_FALSE(parse_byte_count("9223372036854775808"));
  EXPECT_FALSE(parse_byte_count("18446744073709551616"));
  EXPECT_FALSE(parse_byte_count("8388608TiB"));
  EXPECT_FALSE(parse_byte_count("99999999999999999999999999999999999GiB"));
}

TEST(Units, texts_that_are_no_size_are_refused) {
  for (const char* text : {"",      " ",    "-1",  "-0",       "+1",   "1e3", "0x10",  " 1",
                           "1 ",    "1 kB", "1kb", "1mb",      "1K",   "kB",  "B",     "1,5MB",
                           "1.5.5", "inf",  "nan", "infinity", "1MBB", "MB1", "1Mbit", "1\n"}) {
    EXPECT_FALSE(parse_byte_count(text)) << '"' << text << '"';
  }
  EXPECT_FALSE(parse_byte_count(std::string_view("1\0", 2)));
}

TEST(Units, rates_count_powers_of_1000) {
  EXPECT_EQ(parse_bit_rate("10Mbit"), BitRate{10e6});
  EXPECT_EQ(parse_bit_rate("1Gbit"), BitRate{1e9});
  EXPECT_EQ(parse_bit_rate("64kbit"), BitRate{64e3});
  EXPECT_EQ(parse_bit_rate("8bit"), BitRate{8});
  EXPECT_EQ(parse_bit_rate("10MB/s"), BitRate{80e6});
  EXPECT_EQ(parse_bit_rate("0.5GB/s"), BitRate{4e9});
  EXPECT_EQ(BitRate{80e6}.bytes_per_second(), 10e6);
}

TEST(Units, texts_that_are_no_rate_are_refused) {
  for (const char* text : {"", "10", "0Mbit", "-1Mbit", "10Mbit/s", "10MB", "10MiB/s", "10 Mbit",
                           "10mbit", "Mbit", "1e3bit", "infMbit"}) {
    EXPECT_FALSE(parse_bit_rate(text)) << '"' << text << '"';
  }
}

TEST(Units, times_say_their_unit_but_for_0) {
  EXPECT_EQ(parse_duration("0"), 0s);
  EXPECT_EQ(parse_duration("1.5s"), 1500ms);
  EXPECT_EQ(parse_duration("250ms"), 250ms);
  EXPECT_EQ(parse_duration("7us"), 7us);
  EXPECT_EQ(parse_duration("10s"), 10s);
  EXPECT_EQ(parse_duration("2min"), 2min);
}

TEST(Units, texts_that_are_no_time_are_refused) {
  for (const char* text : {"", "-1s", "1h", "1e9", "10 s", "s", "1m", "99999999999s", "nan", "10",
                           "1.5", "0.0", "00"}) {
    EXPECT_FALSE(parse_duration(text)) << '"' << text << '"';
  }
}

TEST(Units, probabilities_lie_between_0_and_1) {
  EXPECT_EQ(parse_probability("0"), 0);
  EXPECT_EQ(parse_probability("0.25"), 0.25);
  EXPECT_EQ(parse_probability("25%"), 0.25);
  EXPECT_EQ(parse_probability("100%"), 1);
  EXPECT_EQ(parse_probability("1"), 1);
  for (const char* text : {"", "1.01", "101%", "-0.1", "50 %", "%", "half"}) {
    EXPECT_FALSE(parse_probability(text)) << '"' << text << '"';
  }
}

TEST(Units, sizes_are_written_for_people) {
  EXPECT_EQ(format_byte_count(0), "0 B");
  EXPECT_EQ(format_byte_count(1023), "1023 B");
  EXPECT_EQ(format_byte_count(1024), "1.0 KiB");
  EXPECT_EQ(format_byte_count(3'355'443), "3.2 MiB");
  EXPECT_EQ(format_byte_count(std::uint64_t{1} << 30U), "1.0 GiB");
  EXPECT_EQ(format_byte_count(std::uint64_t{5} << 50U), "5120.0 TiB");
}

}  // namespace
}  // namespace dlab::base
