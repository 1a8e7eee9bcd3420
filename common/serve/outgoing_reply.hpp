#pragma once

#include <cstddef>
#include <optional>

#include "common/base/clock.hpp"
#include "common/base/rate_limiter.hpp"
#include "common/net/service_limits.hpp"
#include "common/serve/reply.hpp"
#include "common/serve/step.hpp"

namespace dlab::serve {

// A connection's replies on their way, one at a time: what is to be sent next, how fast, and since
// when nothing has moved. As pure as the session it belongs to.
class OutgoingReply {
 public:
  // `limits` must outlive this. `rate_limit`: of the bodies, all replies together.
  OutgoingReply(const net::ServiceLimits& limits, std::optional<base::BitRate> rate_limit,
                base::TimePoint now);

  void begin(Reply reply, base::TimePoint now);
  [[nodiscard]] bool is_under_way() const { return reply_.has_value(); }

  // To send or to wait; nothing when all of it has been sent.
  std::optional<Step> next(base::TimePoint now);
  // What came of a send, head and range counted together.
  void sent(std::size_t bytes, base::TimePoint now);
  // The last byte moved then, or the reply began.
  [[nodiscard]] base::TimePoint progress_at() const { return progress_at_; }

  // It is over, sent whole or not. Hands it back, with what the log is to have of its way.
  Reply end();

 private:
  bool digest_is_done(base::TimePoint now);

  const net::ServiceLimits& limits_;
  std::optional<base::RateLimiter> limiter_;
  std::optional<Reply> reply_;
  std::size_t head_sent_ = 0;
  base::TimePoint progress_at_{};
  base::TimePoint sign_of_life_at_{};
  base::Duration digest_pause_{};
};

}  // namespace dlab::serve
