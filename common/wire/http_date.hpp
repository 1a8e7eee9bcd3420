#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace dlab::wire {

// Appends "Sun, 06 Nov 1994 08:49:37 GMT", the form in which dates are sent (RFC 9110 section
// 5.6.7).
void append_http_date(std::string& text, std::chrono::sys_seconds when);

// A date in any of the RFC's three forms:
//
//   Sun, 06 Nov 1994 08:49:37 GMT    IMF-fixdate
//   Sunday, 06-Nov-94 08:49:37 GMT   RFC 850: the year with these digits that is at most 50 years
//                                    ahead of `now`
//   Sun Nov  6 08:49:37 1994         asctime
//
// Nothing for other text and for days that no month has. The day of the week is not looked at.
std::optional<std::chrono::sys_seconds> parse_http_date(const std::string& text,
                                                        std::chrono::sys_seconds now);

}  // namespace dlab::wire
