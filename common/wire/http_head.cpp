#include "common/wire/http_head.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "common/wire/ascii.hpp"
#include "common/wire/http_date.hpp"

namespace dlab::wire {
namespace {

constexpr std::size_t kUsualHeadBytes = 448;

void add_number(std::string& text, std::uint64_t number) {
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), number).ptr;
  text.append(digits.data(), end);
}

void add_field(std::string& text, std::string_view name, std::string_view value) {
  text.append(name).append(": ").append(value).append("\r\n");
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
  append_http_date(text, head.date);
  text.append("\r\n");
  if (!head.content_type.empty()) {
    add_field(text, "Content-Type", head.content_type);
  }
  if (head.content_length) {
    text.append("Content-Length: ");
    add_number(text, *head.content_length);
    text.append("\r\n");
  }
  if (!head.validators.tag.empty()) {
    add_field(text, "Accept-Ranges", "bytes");
    add_field(text, "ETag", head.validators.tag);
  }
  if (head.validators.last_modified) {
    text.append("Last-Modified: ");
    append_http_date(text, *head.validators.last_modified);
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
    case HttpStatus::precondition_failed:
      return "Precondition Failed";
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
    const auto ending = name.substr(dot + 1);
    const auto* const found = std::ranges::find_if(
        kTypes, [&](const auto& type) { return equal_ignoring_case(ending, type.first); });
    if (found != kTypes.end()) {
      return found->second;
    }
  }
  return "application/octet-stream";
}

}  // namespace dlab::wire
