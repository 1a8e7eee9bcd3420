#include "common/wire/http_date.hpp"

#include <locale.h>
#include <time.h>

#include <string_view>

namespace dlab::wire {
namespace {

using std::chrono::year_month_day;

void append_two_digits(std::string& text, unsigned number) {
  text += static_cast<char>('0' + number / 10 % 10);
  text += static_cast<char>('0' + number % 10);
}

// The names of days and months as HTTP has them, whatever language the program was told to speak.
locale_t c_locale() {
  static const locale_t locale = ::newlocale(LC_TIME_MASK, "C", nullptr);
  return locale;
}

std::optional<tm> parse_all_of(const std::string& text, const char* format) {
  tm fields{};
  const char* const end = ::strptime_l(text.c_str(), format, &fields, c_locale());
  return end != nullptr && end == text.data() + text.size() ? std::optional(fields) : std::nullopt;
}

std::optional<std::chrono::sys_seconds> to_time(const tm& fields) {
  using namespace std::chrono;
  const year_month_day date(year(fields.tm_year + 1900),
                            month(static_cast<unsigned>(fields.tm_mon + 1)),
                            day(static_cast<unsigned>(fields.tm_mday)));
  if (!date.ok()) {
    return std::nullopt;
  }
  return sys_days(date) + hours(fields.tm_hour) + minutes(fields.tm_min) + seconds(fields.tm_sec);
}

int year_of(std::chrono::sys_seconds when) {
  return static_cast<int>(year_month_day(std::chrono::floor<std::chrono::days>(when)).year());
}

// Of the years that end in the same two digits, the last that is at most 50 years ahead.
void complete_year(tm& fields, std::chrono::sys_seconds now) {
  const int latest = year_of(now) + 50 - 1900;
  fields.tm_year = latest - (latest - fields.tm_year % 100) % 100;
}

}  // namespace

// Without gmtime_r(3), which takes a lock that all threads share, and strftime(3), which speaks the
// user's language.
void append_http_date(std::string& text, std::chrono::sys_seconds when) {
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  text.append(kDays.substr(std::size_t{3} * std::chrono::weekday(day).c_encoding(), 3))
      .append(", ");
  append_two_digits(text, static_cast<unsigned>(date.day()));
  text += ' ';
  text.append(kMonths.substr(std::size_t{3} * (static_cast<unsigned>(date.month()) - 1), 3));
  text += ' ';
  const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
  append_two_digits(text, year / 100);
  append_two_digits(text, year);
  text += ' ';
  append_two_digits(text, static_cast<unsigned>(time.hours().count()));
  text += ':';
  append_two_digits(text, static_cast<unsigned>(time.minutes().count()));
  text += ':';
  append_two_digits(text, static_cast<unsigned>(time.seconds().count()));
  text += " GMT";
}

std::optional<std::chrono::sys_seconds> parse_http_date(const std::string& text,
                                                        std::chrono::sys_seconds now) {
  if (const auto fixed = parse_all_of(text, "%a, %d %b %Y %H:%M:%S GMT")) {
    return to_time(*fixed);
  }
  if (auto short_year = parse_all_of(text, "%a, %d-%b-%y %H:%M:%S GMT")) {
    complete_year(*short_year, now);
    return to_time(*short_year);
  }
  const auto asctime = parse_all_of(text, "%a %b %e %H:%M:%S %Y");
  return asctime ? to_time(*asctime) : std::nullopt;
}

}  // namespace dlab::wire
