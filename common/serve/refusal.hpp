#pragma once

#include <chrono>

#include "common/wire/messages.hpp"

namespace dlab::serve {

// How long a client that was refused may go on sending before it is reset.
constexpr std::chrono::seconds kLinger{2};

// What a client is told whose bytes cannot be understood, before its connection ends.
wire::Error to_error(wire::FrameError problem);

}  // namespace dlab::serve
