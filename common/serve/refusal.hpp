#pragma once

#include "common/wire/messages.hpp"

namespace dlab::serve {

// What a client is told whose message has a type that the server does not know. It may go on.
inline const wire::Error kUnknownType{wire::ErrorCode::unknown_type,
                                      "this server does not know this type of message"};

// What a client is told whose bytes cannot be understood, before its connection ends.
wire::Error to_error(wire::FrameError problem);

}  // namespace dlab::serve
