#include "common/base/clock.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

using namespace std::chrono_literals;

TEST(Clock, nanoseconds_round_trip) {
  EXPECT_EQ(to_ns(from_ns(1'234'567'890'123)), 1'234'567'890'123);
  EXPECT_EQ(to_ns(TimePoint(1ms)), 1'000'000);
  EXPECT_DOUBLE_EQ(to_seconds(1500ms), 1.5);
}

TEST(Deadline, has_time_left_until_it_has_passed) {
  const auto far = Deadline::after(1h);
  EXPECT_GT(far.left(), 59min);
  EXPECT_LE(far.left(), 1h);
  EXPECT_FALSE(far.passed());
}

TEST(Deadline, nothing_is_left_of_one_that_has_passed) {
  const auto past = Deadline::after(-1h);
  EXPECT_EQ(past.left(), 0ns);
  EXPECT_TRUE(past.passed());
}

}  // namespace
}  // namespace dlab::base
