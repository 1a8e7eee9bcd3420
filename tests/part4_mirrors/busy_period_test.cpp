#include "part4_mirrors/busy_period.hpp"

#include <gtest/gtest.h>

namespace dlab::part4 {
namespace {

using namespace std::chrono_literals;

constexpr base::TimePoint kStart{1h};
const Rules kRules{.first_rest = 500ms, .longest_rest = 30s, .patience = 5min};

TEST(BusyPeriod, begins_with_a_refusal_and_ends_with_a_byte) {
  BusyPeriod busy(kRules, 0);
  EXPECT_FALSE(busy.lasts());
  busy.refused("503", 3s, kStart);
  EXPECT_TRUE(busy.lasts());
  EXPECT_EQ(busy.reason(), "503");
  busy.end();
  EXPECT_FALSE(busy.lasts());
}

TEST(BusyPeriod, is_as_long_as_the_mirror_asks) {
  BusyPeriod busy(kRules, 0);
  busy.refused("503", 3s, kStart);
  EXPECT_EQ(busy.until(), kStart + 3s);
  busy.refused("503", 7s, kStart + 3s);
  EXPECT_EQ(busy.until(), kStart + 10s);
}

TEST(BusyPeriod, of_a_mirror_that_does_not_say_grows_with_each_refusal) {
  BusyPeriod busy(kRules, 0);
  busy.refused("503", {}, kStart);
  EXPECT_GE(busy.until(), kStart + 250ms);
  EXPECT_LE(busy.until(), kStart + 500ms);
  for (int i = 0; i < 9; ++i) {
    busy.refused("503", {}, kStart);
  }
  EXPECT_GE(busy.until(), kStart + 15s);
  EXPECT_LE(busy.until(), kStart + 30s);
}

TEST(BusyPeriod, of_no_time_at_all_is_a_rest_all_the_same) {
  BusyPeriod busy(kRules, 0);
  busy.refused("429", 0s, kStart);
  EXPECT_GE(busy.until(), kStart + 250ms);
}

TEST(BusyPeriod, is_too_long_when_its_waits_together_are) {
  BusyPeriod busy(kRules, 0);
  busy.refused("503", 4min, kStart);
  EXPECT_FALSE(busy.is_too_long());
  busy.refused("503", 90s, kStart + 4min);
  EXPECT_TRUE(busy.is_too_long());
  busy.end();
  busy.refused("503", 90s, kStart + 6min);
  EXPECT_FALSE(busy.is_too_long()) << "a byte has come meanwhile";
}

}  // namespace
}  // namespace dlab::part4
