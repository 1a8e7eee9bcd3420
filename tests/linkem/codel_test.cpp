#include "linkem/codel.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <vector>

#include "tests/linkem/numbered.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t kManyBytes = 100'000;

// When packets were dropped that left the queue every 1 ms, from `from` to `to`.
std::vector<double> drops_in_ms(Codel& codel, base::Duration sojourn, int from, int to,
                                std::uint64_t bytes_behind = kManyBytes) {
  std::vector<double> drops;
  for (int ms = from; ms < to; ++ms) {
    if (codel.drops(sojourn, at(std::chrono::milliseconds(ms)), bytes_behind)) {
      drops.push_back(ms);
    }
  }
  return drops;
}

TEST(Codel, short_waits_are_never_punished) {
  Codel codel;
  EXPECT_TRUE(drops_in_ms(codel, 4999us, 0, 2000).empty());
}

TEST(Codel, a_queue_of_one_packet_is_never_punished) {
  Codel codel;
  EXPECT_TRUE(drops_in_ms(codel, 1s, 0, 2000, kMtu).empty());
}

// RFC 8289, section 4.2: the k-th drop follows 100 ms / sqrt(k) after the one before.
TEST(Codel, a_standing_queue_loses_packets_ever_faster) {
  Codel codel;
  const auto drops = drops_in_ms(codel, 5ms, 0, 1000);
  ASSERT_GE(drops.size(), 8U);
  double expected = 100;
  for (std::size_t k = 0; k < 8; ++k) {
    EXPECT_NEAR(drops[k], expected, 1.0) << "drop " << k;
    expected += 100 / std::sqrt(static_cast<double>(k + 1));
  }
}

TEST(Codel, a_burst_shorter_than_an_interval_is_let_through) {
  Codel codel;
  EXPECT_TRUE(drops_in_ms(codel, 50ms, 0, 100).empty());
  EXPECT_TRUE(drops_in_ms(codel, 1ms, 100, 101).empty());
  EXPECT_TRUE(drops_in_ms(codel, 50ms, 101, 201).empty());
}

TEST(Codel, one_short_wait_ends_the_dropping) {
  Codel codel;
  ASSERT_EQ(drops_in_ms(codel, 20ms, 0, 250).size(), 2U);
  EXPECT_TRUE(drops_in_ms(codel, 1ms, 250, 251).empty());
  // The wait of an interval begins anew.
  EXPECT_TRUE(drops_in_ms(codel, 20ms, 251, 351).empty());
  EXPECT_FALSE(drops_in_ms(codel, 20ms, 351, 353).empty());
}

// Section 5.4: dropping that begins again soon goes on near the pace that had worked.
TEST(Codel, a_queue_that_grows_again_soon_is_met_with_the_former_pace) {
  const auto second_gap = [](int pause_ms) {
    Codel codel;
    drops_in_ms(codel, 20ms, 0, 600);
    drops_in_ms(codel, 1ms, 600, 600 + pause_ms);
    const auto again = drops_in_ms(codel, 20ms, 600 + pause_ms, 1200 + pause_ms);
    return again.at(1) - again.at(0);
  };
  EXPECT_LT(second_gap(10), 50);
  EXPECT_NEAR(second_gap(5000), 100, 1);
}

}  // namespace
}  // namespace dlab::linkem
