#include "linkem/named_links.hpp"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <set>

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

struct Row {
  const char* name;
  double mbit_s;
  int rtt_ms;
  double loss_pct;
  double burst;
  std::size_t queue;
  QueuePolicy policy = QueuePolicy::drop_tail;
  std::uint32_t gso_max_segs = 0;
};

// As the experiments were laid out for them.
constexpr std::array<Row, 18> kLinks = {{
    {"lan", 1000, 1, 0, 1, 256},
    {"wan", 100, 40, 0, 1, 350},
    {"noisy", 100, 20, 1, 1, 170},
    {"lossy", 100, 40, 0.1, 1, 350},
    {"lossy50", 50, 50, 0.1, 1, 210},
    {"longlossy", 100, 100, 0.01, 1, 850},
    {"bursty", 100, 20, 1, 8, 170},
    {"fair50", 50, 20, 0, 1, 83, QueuePolicy::drop_tail, 1},
    {"shallow", 200, 12, 0, 1, 10, QueuePolicy::single_drop, 1},
    {"shallow-tail", 200, 12, 0, 1, 10, QueuePolicy::drop_tail, 1},
    {"shallow50", 50, 40, 0, 1, 8, QueuePolicy::single_drop, 1},
    {"shallow50-tail", 50, 40, 0, 1, 8, QueuePolicy::drop_tail, 1},
    {"longfat", 500, 100, 0, 1, 4200},
    {"bloat", 20, 40, 0, 1, 1000},
    {"cap", 100, 40, 0, 1, 350},
    {"busy", 100, 40, 0, 1, 350},
    {"mirror", 25, 10, 0, 1, 50},
    {"satellite", 50, 600, 0.1, 1, 2500},
}};

TEST(NamedLinks, are_those_of_the_experiments) {
  EXPECT_EQ(named_links().size(), kLinks.size());
  for (const auto& row : kLinks) {
    const auto link = find_link(row.name);
    ASSERT_TRUE(link) << row.name;
    EXPECT_EQ(link->name, row.name);
    EXPECT_DOUBLE_EQ(link->rate.bits_per_second, row.mbit_s * 1e6) << row.name;
    EXPECT_EQ(link->rtt, std::chrono::milliseconds(row.rtt_ms)) << row.name;
    EXPECT_DOUBLE_EQ(100 * link->loss.probability, row.loss_pct) << row.name;
    EXPECT_EQ(link->loss.burst_packets, row.burst) << row.name;
    EXPECT_EQ(link->queue_packets, row.queue) << row.name;
    EXPECT_EQ(link->policy, row.policy) << row.name;
    EXPECT_EQ(link->jitter, 0ns) << row.name;
    EXPECT_EQ(link->gso_max_segs, row.gso_max_segs) << row.name;
    EXPECT_FALSE(link->purpose.empty()) << row.name;
  }
}

TEST(NamedLinks, other_names_are_unknown) {
  for (const char* name : {"", "WAN", "wan ", "wa", "wann"}) {
    EXPECT_FALSE(find_link(name)) << name;
  }
}

TEST(AccessLink, rate_and_queue_hold_both_ways_and_losses_strike_the_server) {
  NamedLink link{"x", {5e6}, 30ms, {0.02, 4}, 77, QueuePolicy::codel, 2ms, 0, ""};
  const auto [up, down] = access_link(link);
  for (const auto& direction : {up, down}) {
    EXPECT_EQ(direction.rate, link.rate);
    EXPECT_EQ(direction.delay, 15ms);
    EXPECT_EQ(direction.jitter, 2ms);
    EXPECT_EQ(direction.queue.packets, 77U);
    EXPECT_EQ(direction.queue.policy, QueuePolicy::codel);
  }
  EXPECT_EQ(up.loss.probability, 0.02);
  EXPECT_EQ(up.loss.burst_packets, 4);
  EXPECT_EQ(down.loss.probability, 0);
}

TEST(AccessLink, single_drop_is_quiet_for_five_quarters_of_the_round_trip) {
  EXPECT_EQ(access_link(*find_link("shallow")).up.queue.quiet, 15ms);
  EXPECT_EQ(access_link(*find_link("shallow")).down.queue.quiet, 15ms);
}

TEST(StarOf, the_server_has_the_link_and_others_have_no_limits) {
  const auto link = *find_link("noisy");
  const auto star = star_of(link, 9, {"client", "neighbour"});
  EXPECT_EQ(star.seed, 9U);
  ASSERT_EQ(star.hosts.size(), 3U);
  EXPECT_EQ(star.hosts[0].name, "server");
  EXPECT_EQ(star.hosts[0].link.up.rate, link.rate);
  EXPECT_EQ(star.hosts[1].name, "client");
  EXPECT_EQ(star.hosts[2].name, "neighbour");
  for (const std::size_t other : {1U, 2U}) {
    for (const auto& direction : {star.hosts[other].link.up, star.hosts[other].link.down}) {
      EXPECT_EQ(direction.rate.bits_per_second, 0);
      EXPECT_EQ(direction.delay, 0ns);
      EXPECT_EQ(direction.loss.probability, 0);
    }
  }
  EXPECT_EQ(star_of(link, 1).hosts.size(), 2U);
}

TEST(HostAddress, counts_from_one) {
  EXPECT_EQ(host_address(0), "10.77.0.1");
  EXPECT_EQ(host_address(249), "10.77.0.250");
}

TEST(QueuePolicies, go_by_their_names) {
  for (const auto policy : {QueuePolicy::drop_tail, QueuePolicy::single_drop, QueuePolicy::codel}) {
    EXPECT_EQ(parse_queue_policy(name_of(policy)), policy);
  }
  EXPECT_EQ(name_of(QueuePolicy::drop_tail), "drop-tail");
  EXPECT_EQ(name_of(QueuePolicy::single_drop), "single-drop");
  EXPECT_EQ(name_of(QueuePolicy::codel), "codel");
  for (const char* text : {"", "drop_tail", "Codel", "red"}) {
    EXPECT_FALSE(parse_queue_policy(text)) << text;
  }
}

}  // namespace
}  // namespace dlab::linkem
