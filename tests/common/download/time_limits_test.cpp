#include "common/download/time_limits.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "tests/common/support/spent.hpp"

namespace dlab::download {
namespace {

using namespace std::chrono_literals;
using base::Clock;

constexpr base::BitRate kLowest{.bits_per_second = 8000};  // 1000 bytes a second
constexpr base::TimePoint kStart{};

std::string text_of(const std::exception_ptr& error) {
  try {
    std::rethrow_exception(error);
  } catch (const std::exception& thrown) {
    return thrown.what();
  }
}

TEST(SpeedLimit, nothing_is_too_slow_before_a_period_is_over) {
  SpeedLimit limit(kLowest, 10s);
  EXPECT_FALSE(limit.is_too_slow(0, kStart));
  EXPECT_FALSE(limit.is_too_slow(0, kStart + 5s));
  EXPECT_FALSE(limit.is_too_slow(0, kStart + 9s));
  EXPECT_TRUE(limit.is_too_slow(9999, kStart + 10s));
}

TEST(SpeedLimit, the_last_period_counts_and_not_what_came_before) {
  SpeedLimit limit(kLowest, 10s);
  limit.is_too_slow(0, kStart);
  for (int second = 1; second <= 10; ++second) {
    EXPECT_FALSE(limit.is_too_slow(1'000'000, kStart + second * 1s));
  }
  EXPECT_TRUE(limit.is_too_slow(1'000'000, kStart + 11s));
}

TEST(SpeedLimit, a_byte_now_and_then_is_too_slow_and_the_rate_itself_is_not) {
  SpeedLimit trickle(kLowest, 2s);
  SpeedLimit steady(kLowest, 2s);
  bool was_too_slow = false;
  for (std::uint64_t step = 0; step <= 10; ++step) {
    const auto now = kStart + step * 500ms;
    was_too_slow = trickle.is_too_slow(step, now) || was_too_slow;
    EXPECT_FALSE(steady.is_too_slow(step * 500, now));
  }
  EXPECT_TRUE(was_too_slow);
}

TEST(SpeedLimit, a_process_that_was_stopped_is_not_slow) {
  SpeedLimit limit(kLowest, 1s);
  EXPECT_FALSE(limit.is_too_slow(0, kStart));
  EXPECT_FALSE(limit.is_too_slow(0, kStart + 60s));
  EXPECT_FALSE(limit.is_too_slow(500, kStart + 60500ms));
  EXPECT_TRUE(limit.is_too_slow(999, kStart + 61s));
}

TEST(TimeLimits, a_deadline_that_has_passed_stops_with_its_reason_and_not_before) {
  std::promise<std::exception_ptr> stopped;
  const auto begun = Clock::now();
  const auto watch = watch_deadline(
      {.deadline = 20ms}, [&](std::exception_ptr why) { stopped.set_value(std::move(why)); });
  EXPECT_EQ(text_of(stopped.get_future().get()), "deadline of 0.02 s has passed");
  EXPECT_GE(Clock::now(), begun + 20ms);
  EXPECT_EQ(std::string(DeadlinePassed(1min).what()), "deadline of 60 s has passed");
}

TEST(TimeLimits, one_that_ends_before_does_not_stop_anything_and_is_not_waited_for) {
  const int threads = test::running_threads();
  std::atomic<int> stops = 0;
  const auto begun = Clock::now();
  watch_deadline({.deadline = 1h}, [&](auto&&) { ++stops; }).reset();
  EXPECT_EQ(stops, 0);
  EXPECT_LT(Clock::now() - begun, 30min);
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(TimeLimits, what_brings_nothing_is_stopped_and_says_how_slow_it_was) {
  std::promise<std::exception_ptr> stopped;
  const auto watch = watch_speed(
      {.lowest_speed = kLowest}, 50ms, [] { return std::uint64_t{0}; },
      [&](std::exception_ptr why) { stopped.set_value(std::move(why)); });
  EXPECT_EQ(text_of(stopped.get_future().get()), "slower than 1000 B/s over 0.05 s");
}

TEST(TimeLimits, without_limits_nothing_is_watched) {
  EXPECT_EQ(watch_deadline({}, {}), nullptr);
  EXPECT_EQ(watch_speed({}, 1s, {}, {}), nullptr);
}

}  // namespace
}  // namespace dlab::download
