#include "part4_mirrors/rate_meter.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

using namespace std::chrono_literals;

class RateMeters : public testing::Test {
 protected:
  base::TimePoint at(base::Duration time) { return start_ + time; }

  base::TimePoint start_{1h};
  RateMeter meter_{1s};
};

TEST_F(RateMeters, nothing_is_told_before_a_window_has_passed) {
  meter_.begin(at(0s));
  meter_.add(1000, at(500ms));
  EXPECT_EQ(meter_.rate(at(999ms)), std::nullopt);
  EXPECT_EQ(meter_.rate(at(1s)), 1000.0);
}

TEST_F(RateMeters, a_short_work_is_told_of_when_it_has_ended) {
  meter_.begin(at(0s));
  meter_.add(1000, at(100ms));
  meter_.end(at(200ms));
  EXPECT_DOUBLE_EQ(meter_.rate(at(10s)).value(), 5000);
}

TEST_F(RateMeters, a_connection_without_a_byte_tells_nothing_of_the_rate) {
  meter_.begin(at(0s));
  meter_.end(at(10ms));
  EXPECT_EQ(meter_.rate(at(20ms)), std::nullopt);
}

TEST_F(RateMeters, the_last_whole_window_counts_and_not_those_before_it) {
  meter_.begin(at(0s));
  meter_.add(9000, at(1s));
  meter_.add(2000, at(2s));
  EXPECT_EQ(meter_.rate(at(2500ms)), 2000.0);
}

TEST_F(RateMeters, a_stall_lowers_the_rate_as_it_lasts) {
  meter_.begin(at(0s));
  meter_.add(1000, at(1s));
  meter_.add(1000, at(1100ms));
  EXPECT_EQ(meter_.rate(at(1900ms)), 1000.0) << "this window has not passed";
  EXPECT_DOUBLE_EQ(meter_.rate(at(3s)).value(), 500);
  EXPECT_DOUBLE_EQ(meter_.rate(at(11s)).value(), 100);
}

TEST_F(RateMeters, idle_times_do_not_count) {
  meter_.begin(at(0s));
  meter_.add(500, at(500ms));
  meter_.end(at(500ms));
  meter_.begin(at(100s));
  meter_.add(500, at(100s + 500ms));
  EXPECT_EQ(meter_.rate(at(100s + 500ms)), 1000.0);
}

TEST_F(RateMeters, to_begin_twice_is_to_begin_once) {
  meter_.begin(at(0s));
  meter_.begin(at(900ms));
  meter_.add(1000, at(1s));
  EXPECT_EQ(meter_.rate(at(1s)), 1000.0);
}

}  // namespace
}  // namespace dlab::part4
