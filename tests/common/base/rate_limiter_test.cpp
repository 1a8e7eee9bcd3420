#include "common/base/rate_limiter.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

using namespace std::chrono_literals;

constexpr TimePoint kStart{1h};
constexpr BitRate kTenMbit{10e6};  // 1,250,000 bytes a second

TEST(RateLimiter, the_first_byte_is_due_at_the_start) {
  EXPECT_EQ(RateLimiter(kTenMbit, kStart).due(), kStart);
}

TEST(RateLimiter, a_quantum_is_what_the_rate_carries_in_5_ms) {
  EXPECT_EQ(RateLimiter(kTenMbit, kStart).quantum(), 6250U);
  EXPECT_EQ(RateLimiter(BitRate{1}, kStart).quantum(), 1024U);
}

TEST(RateLimiter, the_next_byte_is_due_when_the_last_ones_have_had_their_time) {
  RateLimiter limiter(kTenMbit, kStart);
  limiter.sent(1250, kStart);
  EXPECT_EQ(limiter.due(), kStart + 1ms);
  limiter.sent(2500, kStart + 1ms);
  EXPECT_EQ(limiter.due(), kStart + 3ms);
}

TEST(RateLimiter, a_sender_woken_a_little_late_catches_up) {
  RateLimiter limiter(kTenMbit, kStart);
  limiter.sent(1250, kStart + 4ms);
  EXPECT_EQ(limiter.due(), kStart + 1ms);
}

TEST(RateLimiter, time_not_used_is_saved_for_one_turn_only) {
  RateLimiter limiter(kTenMbit, kStart);
  limiter.sent(1250, kStart + 1s);
  EXPECT_EQ(limiter.due(), kStart + 1s - 5ms + 1ms);
}

TEST(RateLimiter, a_sender_that_obeys_keeps_the_rate) {
  RateLimiter limiter(kTenMbit, kStart);
  ByteCount sent = 0;
  while (limiter.due() < kStart + 10s) {
    const TimePoint now = limiter.due() + 3ms;  // it always wakes late
    sent += limiter.quantum();
    limiter.sent(limiter.quantum(), now);
  }
  EXPECT_EQ(sent, 12'500'000U);
}

}  // namespace
}  // namespace dlab::base
