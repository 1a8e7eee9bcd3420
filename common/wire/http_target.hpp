#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace dlab::wire {

// The path that a request's target names (RFC 9112 section 3.2): "/a%20b?c", "//a%20b" and
// "http://host/a%20b" are "a b". Query and leading slashes go, escapes are decoded, the rest
// stays: not even "a/../b" is made shorter. Nothing for a target of another form, for a '#', a
// broken escape or an escaped NUL.
std::optional<std::string> path_of_target(std::string_view target);

// `name` for use in a link and as one word in a line: bytes that are no letters, digits or one of
// -_./+@,: become %XX.
std::string percent_encoded(std::string_view name);

// `text`, a line that should hold a URL or an address, as it may be shown: what stands before its
// last "@", which may be a user and a password, from "://" or from the beginning of the word, is
// "***".
std::string without_userinfo(std::string_view text);

}  // namespace dlab::wire
