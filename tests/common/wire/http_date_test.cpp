#include "common/wire/http_date.hpp"

#include <gtest/gtest.h>

#include <clocale>

namespace dlab::wire {
namespace {

using std::chrono::seconds;
using std::chrono::sys_seconds;

// The RFC's own example, and a day of 2026.
constexpr sys_seconds kRfcExample{seconds(784'111'777)};
constexpr sys_seconds kToday{seconds(1'780'000'000)};

std::string written(std::int64_t second) {
  std::string text;
  append_http_date(text, sys_seconds(seconds(second)));
  return text;
}

TEST(HttpDate, is_written_right_to_the_second) {
  EXPECT_EQ(written(784'111'777), "Sun, 06 Nov 1994 08:49:37 GMT");
  EXPECT_EQ(written(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(written(951'782'399), "Mon, 28 Feb 2000 23:59:59 GMT");
  EXPECT_EQ(written(951'782'400), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(written(4'102'444'799), "Thu, 31 Dec 2099 23:59:59 GMT");
}

TEST(HttpDate, is_read_in_all_three_forms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", kToday), kRfcExample);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kToday), kRfcExample);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", kToday), kRfcExample);
}

TEST(HttpDate, what_is_written_is_read_again) {
  for (const std::int64_t second : {0L, 951'782'400L, 1'780'000'000L, 4'102'444'799L}) {
    EXPECT_EQ(parse_http_date(written(second), kToday), sys_seconds(seconds(second)));
  }
}

TEST(HttpDate, two_digits_of_a_year_are_at_most_50_years_ahead) {
  const auto year = [](const std::string& digits) {
    const auto date = parse_http_date("Monday, 01-Jun-" + digits + " 00:00:00 GMT", kToday);
    const std::chrono::year_month_day day(std::chrono::floor<std::chrono::days>(date.value()));
    return static_cast<int>(day.year());
  };
  EXPECT_EQ(year("26"), 2026);
  EXPECT_EQ(year("00"), 2000);
  EXPECT_EQ(year("76"), 2076);
  EXPECT_EQ(year("77"), 1977);
  EXPECT_EQ(year("99"), 1999);
}

TEST(HttpDate, other_text_is_none) {
  for (const auto* text : {"", "0", "784111777", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37",
                           "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 31 Feb 1994 08:49:37 GMT",
                           "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
                           "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
                           "\"0000000000000001\""}) {
    EXPECT_FALSE(parse_http_date(text, kToday)) << text;
  }
}

// No locale of the user's makes "Nov" another word.
TEST(HttpDate, is_english_whatever_the_programs_language) {
  const std::string before = std::setlocale(LC_ALL, nullptr);
  for (const auto* language : {"de_DE.UTF-8", "fr_FR.UTF-8"}) {  // where it is installed
    std::setlocale(LC_ALL, language);
    EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", kToday), kRfcExample);
  }
  std::setlocale(LC_ALL, before.c_str());
}

}  // namespace
}  // namespace dlab::wire
