#include "linkem/estimates.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kMs = 1'000'000;

// Packets that were sent every `gap_ns` and waited until a link that takes 1 ms for each was free.
ProbeResult train(std::size_t packets, std::int64_t gap_ns, std::int64_t delay_ns = 5 * kMs) {
  ProbeResult result;
  result.sent = packets;
  std::int64_t free_at = 0;
  for (std::uint32_t i = 0; i < packets; ++i) {
    const std::int64_t sent = i * gap_ns;
    free_at = std::max(free_at, sent) + kMs;
    result.arrivals.push_back({i, sent, free_at + delay_ns});
  }
  return result;
}

void lose(ProbeResult& result, std::uint32_t number) {
  std::erase_if(result.arrivals, [=](const Arrival& arrival) { return arrival.number == number; });
}

TEST(RateOf, arrivals_tell_the_rate_of_a_busy_link) {
  EXPECT_DOUBLE_EQ(rate_of(train(500, kMs / 2), 1500, false).value(), 12e6);
  EXPECT_DOUBLE_EQ(rate_of(train(500, kMs / 2), 1500, true).value(), 12e6);
}

TEST(RateOf, numbers_count_what_was_lost_on_the_wire) {
  auto probes = train(501, kMs / 2);
  for (std::uint32_t number = 10; number < 60; ++number) {
    lose(probes, number);
  }
  EXPECT_DOUBLE_EQ(rate_of(probes, 1500, true).value(), 12e6);
  EXPECT_DOUBLE_EQ(rate_of(probes, 1500, false).value(), 12e6 * 450 / 500);
}

TEST(RateOf, one_arrival_tells_nothing) {
  EXPECT_FALSE(rate_of(train(0, kMs), 1500, false));
  EXPECT_FALSE(rate_of(train(1, kMs), 1500, true));
  EXPECT_TRUE(rate_of(train(2, kMs), 1500, true));
}

TEST(LossOf, what_did_not_arrive_was_lost) {
  auto probes = train(200, 2 * kMs);
  EXPECT_EQ(loss_of(probes, 0ms).lost, 0U);
  lose(probes, 0);
  lose(probes, 7);
  EXPECT_EQ(loss_of(probes, 0ms).probes, 200U);
  EXPECT_EQ(loss_of(probes, 0ms).lost, 2U);
  EXPECT_DOUBLE_EQ(loss_of(probes, 0ms).share().value(), 0.01);
  probes.arrivals.clear();
  EXPECT_DOUBLE_EQ(loss_of(probes, 0ms).share().value(), 1);
  EXPECT_FALSE(loss_of(train(0, kMs), 0ms).share());
}

// Numbers 300 to 799 waited for the machine, the last 400 of them in vain.
TEST(LossOf, what_a_pause_of_the_machine_cost_does_not_count) {
  auto probes = train(1200, 2 * kMs);
  for (std::uint32_t number = 300; number < 400; ++number) {
    probes.arrivals[number].received_ns += (800 - number) * kMs / 100;
  }
  for (std::uint32_t number = 400; number < 800; ++number) {
    lose(probes, number);
  }
  lose(probes, 100);
  lose(probes, 1000);
  const auto found = loss_of(probes, 0ms);
  EXPECT_EQ(found.lost, 2U);
  EXPECT_NEAR(static_cast<double>(found.probes), 1200 - 500 - 200, 2);
  EXPECT_EQ(loss_of(probes, 10ms).lost, 402U) << "a link with jitter has such delays itself";
}

TEST(LossOf, what_the_receiver_overlooked_was_not_lost) {
  auto probes = train(500, 2 * kMs);
  lose(probes, 30);
  lose(probes, 250);
  for (auto& arrival : probes.arrivals) {
    arrival.overlooked = arrival.number > 250 ? 1 : 0;
  }
  EXPECT_EQ(loss_of(probes, 0ms).lost, 1U);
}

TEST(QueueOf, the_longest_wait_tells_how_many_stood_before) {
  // Sent all at once: the last of 51 waits for 50 others.
  EXPECT_DOUBLE_EQ(queue_of(train(51, 0), 1ms, false).value(), 50);
  EXPECT_DOUBLE_EQ(queue_of(train(51, 0, 300 * kMs), 1ms, true).value(), 50);
  EXPECT_DOUBLE_EQ(queue_of(train(51, 2 * kMs), 1ms, false).value(), 0);
  EXPECT_FALSE(queue_of(train(0, 0), 1ms, false));
}

TEST(QueueOf, after_the_first_drop_waits_may_count_no_more) {
  auto probes = train(101, 0);
  lose(probes, 31);
  EXPECT_DOUBLE_EQ(queue_of(probes, 1ms, false).value(), 100);
  EXPECT_DOUBLE_EQ(queue_of(probes, 1ms, true).value(), 30);
}

}  // namespace
}  // namespace dlab::linkem
