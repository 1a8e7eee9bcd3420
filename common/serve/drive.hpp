#pragma once

#include "common/serve/host.hpp"

namespace dlab::serve {

// Does what a connection's session asks for, one step after another, on a socket that blocks, until
// the conversation is over. Never throws for what a client does: to the server the connection is
// just over then.
void serve_blocking(Connection& connection, Outlet& outlet) noexcept;

}  // namespace dlab::serve
