#include "part4_mirrors/rate_meter.hpp"

namespace dlab::part4 {
namespace {

double per_second(std::uint64_t bytes, base::Duration time) {
  return static_cast<double>(bytes) / base::to_seconds(time);
}

}  // namespace

void RateMeter::begin(base::TimePoint now) {
  if (!busy_since_) {
    busy_since_ = now;
  }
}

void RateMeter::end(base::TimePoint now) {
  busy_ = busy_until(now);
  busy_since_.reset();
}

void RateMeter::add(std::uint64_t bytes, base::TimePoint now) {
  bytes_ += bytes;
  if (busy_until(now) >= window_) {
    close_window(now);
  }
}

std::optional<double> RateMeter::rate(base::TimePoint now) const {
  const base::Duration busy = busy_until(now);
  if (busy >= window_) {
    return per_second(bytes_, busy);
  }
  if (last_) {
    return last_;
  }
  // A connection that was refused tells nothing of the rate.
  const bool tells = !busy_since_ && bytes_ > 0 && busy > base::Duration::zero();
  return tells ? std::optional(per_second(bytes_, busy)) : std::nullopt;
}

base::Duration RateMeter::busy_until(base::TimePoint now) const {
  return busy_since_ ? busy_ + (now - *busy_since_) : busy_;
}

void RateMeter::close_window(base::TimePoint now) {
  last_ = per_second(bytes_, busy_until(now));
  bytes_ = 0;
  busy_ = base::Duration::zero();
  if (busy_since_) {
    busy_since_ = now;
  }
}

}  // namespace dlab::part4
