#pragma once

#include <cstdint>

#include "linkem/tool/options.hpp"

namespace dlab::linkem::tool {

// The user's shell as the client.
Options with_shell(Options options);

// Tells whoever gets the shell where it is, and how to get a further one. `port`: where the server
// listens; 0: there is none.
void greet(const NamedLink& link, std::uint16_t port);

// A shell on a host of a star that another linkem keeps. Returns only by exec or by throwing.
int join_shell(const Options& options);

}  // namespace dlab::linkem::tool
