#include "linkem/codel.hpp"

#include <chrono>
#include <cmath>

#include "linkem/packets.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

constexpr base::Duration kTarget = 5ms;
constexpr base::Duration kInterval = 100ms;

}  // namespace

// RFC 8289, section 5.6: dodequeue().
bool Codel::waited_too_long(base::Duration sojourn, base::TimePoint now,
                            std::uint64_t bytes_behind) {
  if (sojourn < kTarget || bytes_behind <= kMtu) {
    first_above_ = {};
    return false;
  }
  if (first_above_ == base::TimePoint{}) {
    first_above_ = now + kInterval;
    return false;
  }
  return now >= first_above_;
}

// Section 5.6: control_law().
base::TimePoint Codel::next_after(base::TimePoint time) const {
  return time + std::chrono::duration_cast<base::Duration>(kInterval / std::sqrt(count_));
}

// Section 5.6: deque(), called once a packet instead of looping.
bool Codel::drops(base::Duration sojourn, base::TimePoint now, std::uint64_t bytes_behind) {
  const bool too_long = waited_too_long(sojourn, now, bytes_behind);
  if (dropping_) {
    if (!too_long) {
      dropping_ = false;
      return false;
    }
    if (now < drop_next_) {
      return false;
    }
    ++count_;
    drop_next_ = next_after(drop_next_);
    return true;
  }
  if (!too_long) {
    return false;
  }
  dropping_ = true;
  // A queue that was under control until shortly before starts near the pace that had worked.
  const std::uint32_t delta = count_ - last_count_;
  count_ = delta > 1 && now - drop_next_ < 16 * kInterval ? delta : 1;
  last_count_ = count_;
  drop_next_ = next_after(now);
  return true;
}

}  // namespace dlab::linkem
