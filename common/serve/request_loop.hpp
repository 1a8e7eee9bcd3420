#pragma once

#include <functional>

#include "common/exchange/message_channel.hpp"
#include "common/net/service_limits.hpp"
#include "common/serve/request_log.hpp"

namespace dlab::serve {

// Receives one request after another from a client and hands each to `answer`, until the client
// leaves, breaks the rules or lets a deadline pass. `answer` returns false for a type that it does
// not know; the client is then told so and may go on. `log` has a line of what `answer` was not
// given or did not know. Never throws for what a client does: to the server the connection is just
// over.
void serve_requests(exchange::MessageChannel& channel, const net::ServiceLimits& limits,
                    RequestLog& log, const std::function<bool(const wire::Frame&)>& answer);

}  // namespace dlab::serve
