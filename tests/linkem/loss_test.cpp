#include "linkem/loss.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace dlab::linkem {
namespace {

std::vector<bool> fates(const LossSpec& spec, std::uint64_t seed, std::size_t packets) {
  LossProcess process(spec, seed);
  std::vector<bool> lost(packets);
  std::generate(lost.begin(), lost.end(), [&] { return process.loses_next(); });
  return lost;
}

double share_lost(const std::vector<bool>& lost) {
  return static_cast<double>(std::ranges::count(lost, true)) / static_cast<double>(lost.size());
}

double mean_burst(const std::vector<bool>& lost) {
  std::size_t bursts = 0;
  for (std::size_t i = 0; i < lost.size(); ++i) {
    if (lost[i] && (i == 0 || !lost[i - 1])) {
      ++bursts;
    }
  }
  return static_cast<double>(std::ranges::count(lost, true)) / static_cast<double>(bursts);
}

TEST(LossProcess, the_seed_decides_the_fate_of_each_packet) {
  for (const LossSpec& spec : {LossSpec{0.05, 1}, LossSpec{0.05, 8}}) {
    EXPECT_EQ(fates(spec, 1, 5000), fates(spec, 1, 5000));
    EXPECT_NE(fates(spec, 1, 5000), fates(spec, 2, 5000));
  }
}

TEST(LossProcess, fates_do_not_depend_on_how_many_packets_follow) {
  auto longer = fates({0.05, 1}, 1, 5000);
  longer.resize(100);
  EXPECT_EQ(fates({0.05, 1}, 1, 100), longer);
}

TEST(LossProcess, random_losses_have_the_mean_that_was_asked_for) {
  constexpr std::size_t kPackets = 200'000;
  for (const double p : {0.001, 0.01, 0.1, 0.5}) {
    const double deviation = std::sqrt(p * (1 - p) / kPackets);
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
      EXPECT_NEAR(share_lost(fates({p, 1}, seed, kPackets)), p, 4 * deviation) << p << " " << seed;
    }
  }
}

TEST(LossProcess, random_losses_stand_alone) {
  EXPECT_NEAR(mean_burst(fates({0.01, 1}, 1, 500'000)), 1 / 0.99, 0.01);
}

TEST(LossProcess, bursts_have_the_mean_loss_and_the_mean_length_that_were_asked_for) {
  constexpr std::size_t kPackets = 1'000'000;
  for (const double burst : {2.0, 8.0, 20.0}) {
    const double p = 0.01;
    const double losses = p * kPackets;
    const double deviation = std::sqrt(losses * (2 * burst - 1)) / kPackets;
    for (const std::uint64_t seed : {1U, 2U}) {
      const auto lost = fates({p, burst}, seed, kPackets);
      EXPECT_NEAR(share_lost(lost), p, 4 * deviation) << burst;
      EXPECT_NEAR(mean_burst(lost), burst, 4 * burst / std::sqrt(losses / burst)) << burst;
    }
  }
}

// Only long bursts can lose that much; the mean is what counts.
TEST(LossProcess, bursts_too_short_for_a_high_loss_grow) {
  EXPECT_NEAR(share_lost(fates({0.9, 2}, 1, 200'000)), 0.9, 0.01);
  EXPECT_NEAR(share_lost(fates({0.6, 1.1}, 1, 200'000)), 0.6, 0.01);
}

TEST(LossProcess, nothing_and_everything) {
  for (const double burst : {1.0, 8.0}) {
    EXPECT_EQ(share_lost(fates({0, burst}, 1, 10'000)), 0) << burst;
    EXPECT_EQ(share_lost(fates({1, burst}, 1, 10'000)), 1) << burst;
  }
}

}  // namespace
}  // namespace dlab::linkem
