#include "common/wire/http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace dlab::wire {
namespace {

constexpr std::size_t kUsualHeadBytes = 384;
constexpr std::size_t kTagDigits = 16;

void add_number(std::string& text, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  text.append(digits.data(), end);
}

void add_two_digits(std::string& text, unsigned number) {
  text += static_cast<char>('0' + number / 10 % 10);
  text += static_cast<char>('0' + number % 10);
}

void add_field(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
}

void add_tag(std::string& text, std::uint64_t version) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text += '"';
  for (std::size_t i = 0; i < kTagDigits; ++i) {
    text += kDigits[version >> (4 * (kTagDigits - 1 - i)) & 0xFU];
  }
  text += '"';
}

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7). Without gmtime_r(3), which takes a lock
// that all threads share, and strftime(3), which speaks the user's language.
void add_date(std::string& text, std::chrono::sys_seconds when) {
  constexpr std::string_view kDays = "SunMonTueWedThuFriSat";
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  const auto day = std::chrono::floor<std::chrono::days>(when);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(when - day);
  text.append(kDays.substr(std::size_t{3} * std::chrono::weekday(day).c_encoding(), 3))
      .append(", ");
  add_two_digits(text, static_cast<unsigned>(date.day()));
  text += ' ';
  text.append(kMonths.substr(std::size_t{3} * (static_cast<unsigned>(date.month()) - 1), 3));
  text += ' ';
  add_number(text, static_cast<unsigned>(static_cast<int>(date.year())));
  text += ' ';
  add_two_digits(text, static_cast<unsigned>(time.hours().count()));
  text += ':';
  add_two_digits(text, static_cast<unsigned>(time.minutes().count()));
  text += ':';
  add_two_digits(text, static_cast<unsigned>(time.seconds().count()));
  text += " GMT";
}

// Ending and media type; text of ours is UTF-8.
constexpr std::array<std::pair<std::string_view, std::string_view>, 20> kTypes{{
    {"css", "text/css"},
    {"csv", "text/csv; charset=utf-8"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"htm", "text/html; charset=utf-8"},
    {"html", "text/html; charset=utf-8"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"js", "text/javascript"},
    {"json", "application/json"},
    {"md", "text/markdown; charset=utf-8"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"svg", "image/svg+xml"},
    {"txt", "text/plain; charset=utf-8"},
    {"webp", "image/webp"},
    {"xml", "text/xml"},
    {"zip", "application/zip"},
}};

}  // namespace

std::string http_head(const HttpHead& head) {
  std::string text;
  text.reserve(kUsualHeadBytes);
  text.append("HTTP/1.1 ");
  add_number(text, static_cast<std::uint64_t>(head.status));
  text.append(" ").append(reason_phrase(head.status)).append("\r\nServer: dlab\r\nDate: ");
  add_date(text, head.date);
  text.append("\r\n");
  if (!head.content_type.empty()) {
    add_field(text, "Content-Type", head.content_type);
  }
  if (head.content_length) {
    text.append("Content-Length: ");
    add_number(text, *head.content_length);
    text.append("\r\n");
  }
  if (head.version != 0) {
    text.append("Accept-Ranges: bytes\r\nETag: ");
    add_tag(text, head.version);
    text.append("\r\n");
  }
  if (!head.content_range.empty()) {
    add_field(text, "Content-Range", head.content_range);
  }
  if (head.status == HttpStatus::method_not_allowed) {
    add_field(text, "Allow", "GET, HEAD");
  }
  // Clients of HTTP/1.0 keep a connection only when they are told that they may.
  add_field(text, "Connection", head.keep_alive ? "keep-alive" : "close");
  text.append("\r\n");
  return text;
}

std::string_view reason_phrase(HttpStatus status) {
  switch (status) {
    case HttpStatus::ok:
      return "OK";
    case HttpStatus::partial_content:
      return "Partial Content";
    case HttpStatus::not_modified:
      return "Not Modified";
    case HttpStatus::bad_request:
      return "Bad Request";
    case HttpStatus::forbidden:
      return "Forbidden";
    case HttpStatus::not_found:
      return "Not Found";
    case HttpStatus::method_not_allowed:
      return "Method Not Allowed";
    case HttpStatus::request_timeout:
      return "Request Timeout";
    case HttpStatus::content_too_large:
      return "Content Too Large";
    case HttpStatus::uri_too_long:
      return "URI Too Long";
    case HttpStatus::range_not_satisfiable:
      return "Range Not Satisfiable";
    case HttpStatus::header_fields_too_large:
      return "Request Header Fields Too Large";
    case HttpStatus::not_implemented:
      return "Not Implemented";
    case HttpStatus::service_unavailable:
      return "Service Unavailable";
    case HttpStatus::version_not_supported:
      return "HTTP Version Not Supported";
    default:
      return "Internal Server Error";
  }
}

std::string entity_tag(std::uint64_t version) {
  std::string tag;
  add_tag(tag, version);
  return tag;
}

std::string content_range(std::uint64_t begin, std::uint64_t end, std::uint64_t size) {
  std::string text("bytes ");
  add_number(text, begin);
  text += '-';
  add_number(text, end - 1);
  text += '/';
  add_number(text, size);
  return text;
}

std::string_view content_type_of(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot != std::string_view::npos) {
    const auto* const found =
        std::ranges::find(kTypes, name.substr(dot + 1), &decltype(kTypes)::value_type::first);
    if (found != kTypes.end()) {
      return found->second;
    }
  }
  return "application/octet-stream";
}

}  // namespace dlab::wire
