#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>

namespace dlab::wire {

// The part of HTTP/1.1 that a server of files needs: requests without a body, read from the front
// of a byte stream. RFC 9110 says what requests mean, RFC 9112 how they are written.

// The answers that the lab's servers give (RFC 9110 section 15).
enum class HttpStatus {
  none = 0,
  ok = 200,
  partial_content = 206,
  not_modified = 304,
  bad_request = 400,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  request_timeout = 408,
  precondition_failed = 412,
  content_too_large = 413,
  uri_too_long = 414,
  range_not_satisfiable = 416,
  header_fields_too_large = 431,
  internal_error = 500,
  not_implemented = 501,
  service_unavailable = 503,
  version_not_supported = 505,
};

enum class HttpMethod { get, head, other };

// A request, as far as we look at it. A field that came several times is one list, joined by commas
// (RFC 9110 section 5.3).
struct HttpRequest {
  HttpMethod method = HttpMethod::get;
  // What is asked for: without query and leading slashes, escapes decoded, otherwise as it came
  // ("a/../b" is not shortened). Empty: the folder itself, or another method.
  std::string path;
  unsigned minor_version = 1;  // of HTTP/1: 0 or 1
  // May the connection go on after the answer?
  bool keep_alive = true;
  std::optional<std::string> range;
  std::optional<std::string> if_range;
  std::optional<std::string> if_match;
  std::optional<std::string> if_none_match;
  std::optional<std::string> if_modified_since;
  std::optional<std::string> if_unmodified_since;
  bool operator==(const HttpRequest&) const = default;
};

// Request line and header fields, with the empty lines before and the one that ends them, are no
// longer than this.
constexpr std::size_t kMaxHttpHeadBytes = std::size_t{8} << 10U;

// What the front of a byte stream holds.
struct ParsedHttpRequest {
  std::optional<HttpRequest> request;
  std::size_t bytes = 0;  // its length: what follows is the next request; 0 when there is none
  // What to answer when the stream cannot be understood from here on: the connection must then
  // close. With `none` and no request, more is needed.
  HttpStatus error = HttpStatus::none;
};

// Looks at the front of `received`, which may end anywhere. Pure. Whatever could be taken for the
// end of one request by us and for something else by a proxy in between is an error (RFC 9112
// section 11.2): bare line feeds, folded lines, blanks before a colon, two lengths, a length beside
// a coding. Bodies are not read: with GET and HEAD they are an error, after another method
// `keep_alive` is false.
ParsedHttpRequest parse_http_request(std::span<const std::byte> received);

}  // namespace dlab::wire
