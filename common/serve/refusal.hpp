#pragma once

#include "common/wire/messages.hpp"

namespace dlab::serve {

// What a client is told whose bytes cannot be understood, before its connection ends.
wire::Error to_error(wire::FrameError problem);

}  // namespace dlab::serve
