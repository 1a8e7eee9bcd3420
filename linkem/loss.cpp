#include "linkem/loss.hpp"

#include <algorithm>

namespace dlab::linkem {

// A two-state chain is bad for the share enter / (enter + leave) of the packets; solved for
// `enter`, so that this share is the probability that was asked for. (That takes bursts of at least
// p / (1 - p) packets, with one good packet after each.)
LossProcess::LossProcess(const LossSpec& spec, std::uint64_t seed)
    : enter_bad_(spec.probability),
      leave_bad_(1),
      bursty_(spec.burst_packets > 1 && spec.probability < 1),
      random_(seed) {
  if (bursty_) {
    const double least_burst = spec.probability / (1 - spec.probability);
    leave_bad_ = 1 / std::max(spec.burst_packets, least_burst);
    enter_bad_ = leave_bad_ * spec.probability / (1 - spec.probability);
  }
}

bool LossProcess::loses_next() {
  const double drawn = random_.uniform();
  if (!bursty_) {
    return drawn < enter_bad_;
  }
  bad_ = bad_ ? drawn >= leave_bad_ : drawn < enter_bad_;
  return bad_;
}

}  // namespace dlab::linkem
