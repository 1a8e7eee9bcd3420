#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "common/wire/http.hpp"

namespace dlab::wire {

// What tells whether a client's copy of something is still right (RFC 9110 section 8.8).
struct Validators {
  std::string tag;  // as it stands in ETag; empty: it has none
  std::optional<std::chrono::sys_seconds> last_modified;
  bool operator==(const Validators&) const = default;
};

// A file's version as an entity tag (RFC 9110 section 8.8.3): 16 hexadecimal digits in quotes, and
// W/ before them when it is weak: other bytes may have the same one.
std::string entity_tag(std::uint64_t version, bool is_weak = false);

// What the conditions of a request for something that is there come to, in the order of RFC 9110
// section 13.2.2: precondition_failed, not_modified, or none: it is to be answered. If-Range is
// apart.
HttpStatus judge_conditions(const HttpRequest& request, const Validators& current,
                            std::chrono::sys_seconds now);

// Is the range of `request` one of what is there now? Without If-Range it is; with it only when the
// client's validator is the current one and strong (RFC 9110 section 13.1.5): a tag, or a date
// whose second is over.
bool range_is_wanted(const HttpRequest& request, const Validators& current,
                     std::chrono::sys_seconds now);

}  // namespace dlab::wire
