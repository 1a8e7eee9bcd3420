#pragma once

#include <poll.h>

#include <cstddef>
#include <span>

#include "common/base/clock.hpp"

namespace dlab::base {

// Waits until one of `entries` has what it asks for, and returns how many have; 0 once it is
// `until`; TimePoint::max() is for ever. A signal does not end the wait, and does not let it begin
// anew, as poll(2) called again with the same timeout would: a deadline is a moment.
// Throws std::system_error.
std::size_t poll_until(std::span<pollfd> entries, TimePoint until);

// The same for one descriptor. False once it is `until`.
bool poll_until(int fd, short events, TimePoint until);

}  // namespace dlab::base
