#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "common/storage/byte_range.hpp"
#include "common/storage/served_root.hpp"
#include "common/wire/http.hpp"

namespace dlab::serve {

using WallClock = std::chrono::system_clock;

// What to send for a request, and what to do then.
struct HttpAnswer {
  // The head, and behind it the body when that is a message or a page of ours.
  std::string head;
  // Then this range of this file; nothing when there is no file.
  std::optional<storage::ServedFile> file;
  storage::ByteRange range;
  // False: the connection ends behind the answer. What the client still sends is to be read and
  // thrown away first, or a reset may destroy the answer on its way (RFC 9112 section 9.6).
  bool keep_alive = true;
  std::string status;  // for the log: "206"
};

// Answers a request for a file below `root`, or for the root's listing. Never throws for what the
// request asks. Thread-safe.
HttpAnswer answer_http(const wire::HttpRequest& request, const storage::ServedRoot& root,
                       WallClock::time_point now = WallClock::now());

// Answers what was no request (wire::ParsedHttpRequest::error), came too slowly or one too many.
HttpAnswer refuse_http(wire::HttpStatus status, WallClock::time_point now = WallClock::now());

}  // namespace dlab::serve
