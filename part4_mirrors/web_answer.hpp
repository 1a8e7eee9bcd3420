#pragma once

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>

#include "part4_mirrors/range_source.hpp"

namespace dlab::part4 {

// The head of a web server's answer, as far as we look at it. A field that is not there is empty.
struct WebAnswer {
  long status = 0;
  std::optional<std::uint64_t> content_length;
  std::string content_range;
  std::string content_encoding;
  std::string content_type;
  std::string etag;
  std::string last_modified;
  std::string retry_after;
  std::string date;
  std::time_t received = 0;  // when, by this machine's clock
  std::string origin;        // empty, or the URL behind redirections, as far as it may be shown
};

// The value of CURLOPT_RANGE that asks for `range`: "0-99"; empty for the whole file. To ask for no
// byte is not possible (RFC 9110 section 14.1.2), so an empty range asks for the file's first.
std::string range_to_ask(storage::ByteRange range);

// What `answer` to the request for `asked` means. `request`: what was asked, for errors, as
// `get http://host/a.jpg`. Throws exchange::Refused for what the server will not or cannot send,
// and exchange::ProtocolError for what was not asked for. Pure.
FileHead understand(const WebAnswer& answer, const RangeRequest& asked, const std::string& request);

// For how long a server that is busy asks to be left alone (RFC 9110 section 10.2.3): seconds, or a
// date, which is read by the clock of the answer's own date when there is one. At most a year.
// Nothing when it does not say, or what makes no sense.
std::optional<base::Duration> time_to_wait(const WebAnswer& answer);

// The version that `answer` tells: the entity tag and, unless that is a strong one, the date of the
// last change, as 64 bits of their SHA-256. wire::kAnyVersion when it tells neither.
std::uint64_t version_of(const WebAnswer& answer);

// Is that version another one whenever a byte is? A weak tag may stay the same (RFC 9110 section
// 8.8.1), and so may a date that is less than a second before the answer's own (section 8.8.2.2).
bool has_sure_version(const WebAnswer& answer);

}  // namespace dlab::part4
