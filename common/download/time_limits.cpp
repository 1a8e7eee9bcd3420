#include "common/download/time_limits.hpp"

#include <sstream>
#include <utility>

namespace dlab::download {
namespace {

constexpr int kLooksInAPeriod = 10;

std::string in_seconds(base::Duration time) {
  std::ostringstream text;
  text << base::to_seconds(time) << " s";
  return text.str();
}

std::runtime_error too_slow(base::BitRate lowest, base::Duration period) {
  const auto bytes = static_cast<base::ByteCount>(lowest.bytes_per_second());
  return std::runtime_error("slower than " + base::format_byte_count(bytes) + "/s over " +
                            in_seconds(period));
}

}  // namespace

DeadlinePassed::DeadlinePassed(base::Duration deadline)
    : std::runtime_error("deadline of " + in_seconds(deadline) + " has passed") {}

bool SpeedLimit::is_too_slow(std::uint64_t bytes, base::TimePoint now) {
  if (!samples_.empty() && now - samples_.back().at > period_) {
    samples_.clear();  // the process was stopped meanwhile, which is nobody's slowness
  }
  samples_.push_back({now, bytes});
  while (samples_.size() > 1 && samples_[1].at <= now - period_) {
    samples_.pop_front();
  }
  const auto& [since, before] = samples_.front();
  return now - since >= period_ && static_cast<double>(bytes - before) <
                                       lowest_.bytes_per_second() * base::to_seconds(now - since);
}

Watch::Watch(Look look)
    : look_(std::move(look)), worker_([this](const std::stop_token& stop) { work(stop); }) {
  at_work_.wait();
}

void Watch::work(const std::stop_token& stop) {
  at_work_.count_down();
  while (const auto next = look_(base::Clock::now())) {
    std::unique_lock lock(mutex_);
    changed_.wait_until(lock, stop, *next, [] { return false; });
    if (stop.stop_requested()) {
      return;
    }
  }
}

std::unique_ptr<Watch> watch_deadline(const Options& options, Stop stop) {
  if (!options.deadline) {
    return nullptr;
  }
  const auto deadline = *options.deadline;
  const auto at = base::Clock::now() + deadline;
  return std::make_unique<Watch>([=, stop = std::move(stop)](base::TimePoint now) {
    if (now < at) {
      return std::optional(at);
    }
    stop(std::make_exception_ptr(DeadlinePassed(deadline)));
    return std::optional<base::TimePoint>();
  });
}

std::unique_ptr<Watch> watch_speed(const Options& options, base::Duration period,
                                   std::function<std::uint64_t()> bytes, Stop stop) {
  if (!options.lowest_speed) {
    return nullptr;
  }
  const auto lowest = *options.lowest_speed;
  return std::make_unique<Watch>([=, limit = SpeedLimit(lowest, period), bytes = std::move(bytes),
                                  stop = std::move(stop)](base::TimePoint now) mutable {
    if (!limit.is_too_slow(bytes(), now)) {
      return std::optional(now + period / kLooksInAPeriod);
    }
    stop(std::make_exception_ptr(too_slow(lowest, period)));
    return std::optional<base::TimePoint>();
  });
}

}  // namespace dlab::download
