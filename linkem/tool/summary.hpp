#pragma once

#include <string>

#include "common/base/clock.hpp"
#include "linkem/emulator.hpp"
#include "linkem/named_links.hpp"

namespace dlab::linkem::tool {

// "lossy: 100 Mbit/s, RTT 40 ms, 0.1 % loss, queue of 350 packets (drop-tail)".
std::string describe(const NamedLink& link);

// The table of --list.
std::string list_links();

// What the server's link carried while the client ran, whether the emulator kept time, and what it
// had to do without.
std::string summarise(const NamedLink& link, const Snapshot& snapshot, base::Duration client_ran,
                      const Granted& granted);

}  // namespace dlab::linkem::tool
