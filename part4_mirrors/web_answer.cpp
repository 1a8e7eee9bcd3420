#include "part4_mirrors/web_answer.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <span>

#include "common/base/terminal_text.hpp"
#include "common/exchange/requests.hpp"
#include "common/storage/digest.hpp"
#include "common/wire/ascii.hpp"
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

bool has_strong_tag(const WebAnswer& answer) {
  return answer.etag.starts_with('"');
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
}

// Some servers take what a file is for how it travels. We have asked for no encoding (RFC 9110
// section 12.5.3): what says gzip of a gzip file is that file as it is.
bool is_gzip_file(const WebAnswer& answer, const RangeRequest& asked) {
  const std::string type = answer.content_type.substr(0, answer.content_type.find(';'));
  return asked.name.ends_with(".gz") || asked.name.ends_with(".tgz") ||
         answer.origin.ends_with(".gz") || answer.origin.ends_with(".tgz") ||
         wire::equal_ignoring_case(type, "application/gzip") ||
         wire::equal_ignoring_case(type, "application/x-gzip");
}

// Is the content labelled as encoded, though it is not? Throws when it is.
bool is_labelled_encoded(const WebAnswer& answer, const RangeRequest& asked,
                         const std::string& request) {
  const std::string& encoding = answer.content_encoding;
  if (encoding.empty() || wire::equal_ignoring_case(encoding, "identity")) {
    return false;
  }
  const bool is_gzip =
      wire::equal_ignoring_case(encoding, "gzip") || wire::equal_ignoring_case(encoding, "x-gzip");
  if (!is_gzip || !is_gzip_file(answer, asked)) {
    throw ProtocolError(request + ": the content is encoded, though that was not asked for: " +
                        base::printable(encoding));
  }
  return true;
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
FileHead part(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  const storage::ByteRange range = bytes_to_ask(asked.range);
  const auto sent = wire::parse_content_range(answer.content_range);
  if (sent && ends_before(*sent, range)) {
    return {.size = *sent->size, .length = sent->end - sent->begin};
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
  return {.size = sent->size, .length = asked.range.size()};
}

// 200: the whole file, whatever was asked for.
FileHead whole(const WebAnswer& answer, const RangeRequest& asked) {
  const std::uint64_t length = answer.content_length.value_or(kUnknownEnd);
  return {
      .size = answer.content_length, .length = asked.range.empty() ? 0 : length, .is_whole = true};
}

// 416: an empty file has not even the byte that asks for its size. Who does not say so may not like
// the range, and is to be asked for the whole.
FileHead none(const WebAnswer& answer, const RangeRequest& asked, const std::string& request) {
  const auto sent = wire::parse_content_range(answer.content_range);
  const bool is_silent = answer.content_range.empty();
  if (!asked.range.empty() || (!is_silent && (!sent || sent->size != 0))) {
    refuse(request, ErrorCode::bad_range,
           "HTTP status 416, Content-Range: " + answer.content_range);
  }
  return {.size = is_silent ? std::nullopt : sent->size};
}

}  // namespace

std::string range_to_ask(storage::ByteRange range) {
  if (range.end == kUnknownEnd) {
    return {};
  }
  const auto bytes = bytes_to_ask(range);
  return std::to_string(bytes.begin) + "-" + std::to_string(bytes.end - 1);
}

FileHead understand(const WebAnswer& answer, const RangeRequest& asked,
                    const std::string& request) {
  throw_unless_answered(answer, request);
  const bool encoded = is_labelled_encoded(answer, asked, request);
  FileHead head = answer.status == 206   ? part(answer, asked, request)
                  : answer.status == 200 ? whole(answer, asked)
                                         : none(answer, asked, request);
  head.is_labelled_encoded = encoded;
  head.version = version_of(answer);
  head.has_sure_version = has_sure_version(answer);
  head.origin = answer.origin;
  return head;
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
  const std::string words =
      has_strong_tag(answer) ? answer.etag : answer.etag + answer.last_modified;
  if (words.empty()) {
    return wire::kAnyVersion;
  }
  storage::Sha256 sha256;
  sha256.update(std::as_bytes(std::span(words)));
  const auto digest = sha256.finish();
  return wire::Reader(digest).integer<std::uint64_t>();
}

bool has_sure_version(const WebAnswer& answer) {
  const std::time_t changed = ::curl_getdate(answer.last_modified.c_str(), nullptr);
  return has_strong_tag(answer) || (changed != -1 && changed < now_of(answer));
}

}  // namespace dlab::part4
