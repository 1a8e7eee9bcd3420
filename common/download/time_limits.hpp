#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>

#include "common/base/clock.hpp"
#include "common/base/units.hpp"
#include "common/download/options.hpp"

namespace dlab::download {

// How long a download may take, as its user says: the whole of it, and each stretch of it.

// The deadline has passed.
class DeadlinePassed : public std::runtime_error {
 public:
  // "deadline of 60 s has passed"
  explicit DeadlinePassed(base::Duration deadline);
  // The same with more to say.
  explicit DeadlinePassed(const std::string& what) : std::runtime_error(what) {}
};

// Is a transfer slower than `lowest`, on average over the last `period`? Pure: moments go in, in
// their order. Not thread-safe.
class SpeedLimit {
 public:
  SpeedLimit(base::BitRate lowest, base::Duration period) : lowest_(lowest), period_(period) {}

  // So many bytes have come by now, in all. Before the first period is over nothing is too slow.
  bool is_too_slow(std::uint64_t bytes, base::TimePoint now);

 private:
  struct Sample {
    base::TimePoint at;
    std::uint64_t bytes;
  };

  base::BitRate lowest_;
  base::Duration period_;
  std::deque<Sample> samples_;  // the first is a period old, or as old as there are
};

// Looks again and again, from a thread of its own, until this ends or there is no more to look at.
class Watch {
 public:
  // Returns when to look next; nothing: never.
  using Look = std::function<std::optional<base::TimePoint>(base::TimePoint now)>;

  explicit Watch(Look look);

 private:
  void work(const std::stop_token& stop);

  Look look_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::latch at_work_{1};  // who forks next must not copy locks of a thread about to start
  std::jthread worker_;    // last: it uses the others
};

// Ends a download early, for that reason. Called from a thread of its own.
using Stop = std::function<void(std::exception_ptr why)>;

// Stops what is not done in time from now on; null when there is no deadline.
std::unique_ptr<Watch> watch_deadline(const Options& options, Stop stop);
// Stops what becomes slower than it may, on average over `period`; null when it may be as slow as
// it likes. `bytes`: how many have come, in all.
std::unique_ptr<Watch> watch_speed(const Options& options, base::Duration period,
                                   std::function<std::uint64_t()> bytes, Stop stop);

}  // namespace dlab::download
