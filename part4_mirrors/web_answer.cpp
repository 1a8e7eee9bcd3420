#include "part4_mirrors/web_answer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <span>

#include "common/base/units.hpp"
#include "common/exchange/requests.hpp"
#include "common/storage/digest.hpp"
#include "common/wire/byte_order.hpp"
#include "common/wire/http_range.hpp"

namespace dlab::part4 {
namespace {

using exchange::ProtocolError;
using exchange::Refused;
using wire::ErrorCode;

// What a status means in our protocol's words; nothing when it is no refusal that we know.
std::optional<ErrorCode> refusal(long status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorCode::forbidden;
    case 404:
    case 410:
      return ErrorCode::not_found;
    case 408:
      return ErrorCode::timed_out;
    case 429:
    case 503:
      return ErrorCode::busy;
    default:
      return status >= 500 ? std::optional(ErrorCode::internal) : std::nullopt;
  }
}

[[noreturn]] void refuse(const std::string& request, ErrorCode code, const std::string& message,
                         std::optional<base::Duration> wait = {}) {
  throw Refused(request, wire::Error{.code = code, .message = message}, wait);
}

// By which clock is a date of this answer to be read?
std::time_t now_of(const WebAnswer& answer) {
  const std::time_t date = ::curl_getdate(answer.date.c_str(), nullptr);
  return date == -1 ? answer.received : date;
}

void throw_unless_answered(const WebAnswer& answer, const std::string& request) {
  const std::string status = "HTTP status " + std::to_string(answer.status);
  if (const auto code = refusal(answer.status)) {
    const bool says_when = !answer.retry_after.empty();
    const std::string until = says_when ? ", Retry-After: " + answer.retry_after : std::string();
    refuse(request, *code, status + until, time_to_wait(answer));
  }
  if (answer.status != 200 && answer.status != 206 && answer.status != 416) {
    throw ProtocolError(request + ": " + status + " says nothing about a file");
  }
  if (!answer.content_encoding.empty() && answer.content_encoding != "identity") {
    throw ProtocolError(request +
                        ": the content is encoded: " + base::printable(answer.content_encoding));
  }
}

storage::ByteRange bytes_to_ask(storage::ByteRange range) {
  return range.empty() ? storage::ByteRange{0, 1} : range;
}

// A range that reaches beyond the end of its file is cut off there (RFC 9110 section 14.1.2): that
// file is smaller than the one whose range was asked for.
bool ends_before(const wire::SentRange& sent, storage::ByteRange range) {
  return sent.begin == range.begin && sent.end < range.end && sent.size == sent.end;
}

// 206: just the range, or it is not ours.
WebBody part(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  const storage::ByteRange range = bytes_to_ask(asked.range);
  const auto sent = wire::parse_content_range(answer.content_range);
  if (sent && ends_before(*sent, range)) {
    return {.head = {.size = *sent->size, .length = sent->end - sent->begin}};
  }
  if (!sent || sent->begin != range.begin || sent->end != range.end) {
    throw ProtocolError(request + ": the answer is for another range: asked for bytes " +
                        range_to_ask(range) +
                        ", Content-Range: " + base::printable(answer.content_range));
  }
  if (answer.content_length.value_or(range.size()) != range.size()) {
    throw ProtocolError(request + ": Content-Length " + std::to_string(*answer.content_length) +
                        " for a range of " + std::to_string(range.size()) + " bytes");
  }
  if (!sent->size) {
    throw ProtocolError(request + ": the server does not tell the size of the file");
  }
  return {.head = {.size = *sent->size, .length = asked.range.size()}};
}

// 200: the whole file, whatever was asked for.
WebBody whole(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  if (!answer.content_length) {
    throw ProtocolError(request + ": the server does not tell the size of the file");
  }
  const std::uint64_t size = *answer.content_length;
  const std::uint64_t begin = std::min(asked.range.begin, size);
  return {.head = {.size = size, .length = std::min(asked.range.end, size) - begin}, .skip = begin};
}

// 416: an empty file has not even the byte that asks for its size.
WebBody none(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  const auto sent = wire::parse_content_range(answer.content_range);
  if (!asked.range.empty() || !sent || sent->size != 0) {
    refuse(request, ErrorCode::bad_range,
           "HTTP status 416, Content-Range: " + answer.content_range);
  }
  return {};
}

}  // namespace

std::string range_to_ask(storage::ByteRange range) {
  const auto bytes = bytes_to_ask(range);
  return std::to_string(bytes.begin) + "-" + std::to_string(bytes.end - 1);
}

WebBody understand(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  throw_unless_answered(answer, request);
  WebBody body = answer.status == 206   ? part(answer, asked, request)
                 : answer.status == 200 ? whole(answer, asked, request)
                                        : none(answer, asked, request);
  body.head.version = version_of(answer);
  if (asked.version != wire::kAnyVersion && body.head.version != asked.version) {
    refuse(request, ErrorCode::version_changed, "its entity tag or date is another one now");
  }
  return body;
}

std::optional<base::Duration> time_to_wait(const WebAnswer& answer) {
  constexpr std::chrono::seconds kLongest = std::chrono::hours(24 * 365);
  const std::string& word = answer.retry_after;
  if (word.empty()) {
    return std::nullopt;
  }
  if (word.find_first_not_of("0123456789") == std::string::npos) {
    const bool is_long = word.size() > std::to_string(kLongest.count()).size();
    return is_long ? kLongest : std::min(kLongest, std::chrono::seconds(std::stoull(word)));
  }
  const std::time_t until = ::curl_getdate(word.c_str(), nullptr);
  if (until == -1) {
    return std::nullopt;
  }
  return std::clamp(std::chrono::seconds(until - now_of(answer)), std::chrono::seconds(0),
                    kLongest);
}

std::uint64_t version_of(const WebAnswer& answer) {
  const bool has_strong_tag = answer.etag.starts_with('"');
  const std::string& words = has_strong_tag ? answer.etag : answer.last_modified;
  if (words.empty()) {
    return wire::kAnyVersion;
  }
  storage::Sha256 sha256;
  sha256.update(std::as_bytes(std::span(words)));
  const auto digest = sha256.finish();
  return wire::Reader(digest).integer<std::uint64_t>();
}

}  // namespace dlab::part4
