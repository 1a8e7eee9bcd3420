#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "common/wire/http.hpp"
#include "common/wire/http_conditions.hpp"

namespace dlab::wire {

// The head of an answer: status line and header fields.
struct HttpHead {
  HttpStatus status = HttpStatus::ok;
  // When the answer is made. A server with a clock must say so (RFC 9110 section 6.6.1), and
  // comparing our answers with nginx's is fair only when both do.
  std::chrono::sys_seconds date{};
  bool keep_alive = true;
  std::optional<std::uint64_t> content_length;
  std::string_view content_type{};   // empty: not said
  Validators validators{};           // of a file; with a tag, ranges of it are offered, too
  std::string_view content_range{};  // empty: not said
};

// The head's text, to the empty line that ends it.
std::string http_head(const HttpHead& head);

// "Not Found" for 404.
std::string_view reason_phrase(HttpStatus status);

// "bytes 0-99/1000" for bytes [begin, end) of `size`.
std::string content_range(std::uint64_t begin, std::uint64_t end, std::uint64_t size);

// The media type that the name's ending stands for, in whatever case; application/octet-stream for
// all that we do not know.
std::string_view content_type_of(std::string_view name);

}  // namespace dlab::wire
