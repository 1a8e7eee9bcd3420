#include "common/serve/request_loop.hpp"

#include <exception>

#include "common/serve/recording.hpp"
#include "common/serve/refusal.hpp"

namespace dlab::serve {
namespace {

void refuse(exchange::MessageChannel& channel, RequestLog& log, const wire::Error& error) {
  const Recording recording(log, {.status = wire::error_name(error.code)}, channel.stream());
  channel.send(error);
}

// A client that does not even read holds the server no longer than one that goes on sending.
void refuse_and_linger(exchange::MessageChannel& channel, RequestLog& log, const wire::Error& error,
                       base::Duration at_most) {
  channel.stream().set_stall_timeout(at_most);
  refuse(channel, log, error);
  channel.stream().linger(at_most);
}

void answer_all(exchange::MessageChannel& channel, const net::ServiceLimits& limits,
                RequestLog& log, const std::function<bool(const wire::Frame&)>& answer) {
  channel.stream().set_stall_timeout(limits.stall_timeout);
  std::uint32_t requests = 0;
  while (const auto request =
             channel.receive_request(limits.stall_timeout, limits.request_timeout)) {
    if (++requests % limits.service_every == 0) {
      channel.stream().pause_until(base::Clock::now() + limits.service_time);
    }
    if (!answer(*request)) {
      refuse(channel, log, kUnknownType);
    }
  }
}

}  // namespace

void serve_requests(exchange::MessageChannel& channel, const net::ServiceLimits& limits,
                    RequestLog& log, const std::function<bool(const wire::Frame&)>& answer) {
  try {
    try {
      answer_all(channel, limits, log, answer);
    } catch (const exchange::ProtocolError& problem) {
      refuse_and_linger(channel, log, to_error(problem.frame()), limits.refusal_timeout);
    } catch (const exchange::RequestTimedOut&) {
      refuse_and_linger(channel, log,
                        {wire::ErrorCode::timed_out, "the request did not end in time"},
                        limits.refusal_timeout);
    }
  } catch (const std::exception&) {
    // The client vanished, stood still or broke off, or the file shrank under it: all that is left
    // to do is close. A client that was promised more bytes learns it from that.
  }
}

}  // namespace dlab::serve
