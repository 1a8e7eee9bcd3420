#pragma once

#include <algorithm>

#include "common/base/backoff.hpp"
#include "common/exchange/requests.hpp"
#include "common/net/open_streams.hpp"

namespace dlab::exchange {

// What `ask` returns, which is asked again, after a pause, while the server is busy: one that
// counts its connections may not have seen yet that ours have ended. For at most `patience` in all;
// who aborts `streams`, ends the wait: base::Interrupted. Else throws what `ask` does.
template <typename Ask>
auto ask_patiently(Ask ask, net::OpenStreams& streams, base::Duration patience) {
  const auto deadline = base::Deadline::after(patience);
  base::Backoff pauses(1);
  for (unsigned refusals = 1;; ++refusals) {
    try {
      return ask();
    } catch (const Refused& refused) {
      if (refused.code() != wire::ErrorCode::busy || deadline.passed()) {
        throw;
      }
    }
    streams.wait_for_an_end(std::min(pauses.before_attempt(refusals), deadline.left()));
    streams.throw_if_ended();
  }
}

}  // namespace dlab::exchange
