#include "part4_mirrors/alarm.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>

namespace dlab::part4 {
namespace {

using base::Clock;

TEST(Alarm, rings_when_the_moment_has_come) {
  std::promise<base::TimePoint> rung;
  const auto at = Clock::now() + std::chrono::milliseconds(20);
  const Alarm alarm(at, [&rung] { rung.set_value(Clock::now()); });
  EXPECT_GE(rung.get_future().get(), at);
}

TEST(Alarm, one_that_ends_before_does_not_ring_and_is_not_waited_for) {
  std::atomic<int> rung = 0;
  const auto started = Clock::now();
  {
    const Alarm alarm(started + std::chrono::hours(1), [&rung] { ++rung; });
  }
  EXPECT_EQ(rung, 0);
  EXPECT_LT(Clock::now() - started, std::chrono::minutes(30));
}

}  // namespace
}  // namespace dlab::part4
