#include "linkem/direction.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <ostream>

#include "tests/linkem/numbered.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

struct Link {
  explicit Link(const DirectionSpec& spec, std::uint64_t seed = 1) : direction(spec, seed, pool) {}

  void offer(std::uint32_t number, base::Duration time, std::uint32_t length = 1000) {
    direction.offer(numbered(pool, number, length), at(time));
  }
  std::vector<Delivery> take(base::Duration time) { return take_all(direction, pool, at(time)); }

  PacketPool pool;
  Direction direction;
};

std::vector<std::uint32_t> numbers(const std::vector<Delivery>& deliveries) {
  std::vector<std::uint32_t> list;
  for (const auto& delivery : deliveries) {
    list.push_back(delivery.number);
  }
  return list;
}

using Numbers = std::vector<std::uint32_t>;
using Deliveries = std::vector<Delivery>;

TEST(Direction, a_packet_is_due_after_its_transmission_and_the_delay) {
  Link link({.rate = kEightMbit, .delay = 20ms});
  link.offer(0, 5ms, 1500);
  EXPECT_EQ(link.direction.next_due(), at(26500us));
  EXPECT_TRUE(link.take(26500us - 1ns).empty());
  EXPECT_EQ(link.take(26500us), Deliveries({{0, 26500us}}));
  EXPECT_FALSE(link.direction.next_due());
}

TEST(Direction, another_rate_is_for_the_packets_that_have_not_begun) {
  Link link({.rate = kEightMbit, .delay = 10ms});
  for (std::uint32_t i = 0; i < 4; ++i) {
    link.offer(i, 0ms);
  }
  link.direction.set_rate({kEightMbit.bits_per_second / 10}, at(1500us));
  EXPECT_EQ(link.take(1s), Deliveries({{0, 11ms}, {1, 12ms}, {2, 22ms}, {3, 32ms}}));
}

TEST(Direction, packets_are_sent_one_after_another) {
  Link link({.rate = kEightMbit, .delay = 10ms});
  for (std::uint32_t i = 0; i < 3; ++i) {
    link.offer(i, 0ms);
  }
  link.offer(3, 50ms, 40);
  EXPECT_EQ(link.take(1s), Deliveries({{0, 11ms}, {1, 12ms}, {2, 13ms}, {3, 60040us}}));
}

TEST(Direction, a_link_without_settings_carries_everything_at_once) {
  Link link({});
  for (std::uint32_t i = 0; i < 2000; ++i) {
    link.offer(i, 7ms, 1500);
  }
  const auto all = link.take(7ms);
  ASSERT_EQ(all.size(), 2000U);
  EXPECT_EQ(all.back(), (Delivery{1999, 7ms}));
  EXPECT_EQ(link.direction.counters().most_queued_packets, 0U);
  EXPECT_EQ(link.direction.counters().busy, 0ns);
}

TEST(Direction, an_unlimited_link_still_delays) {
  Link link({.delay = 30ms});
  link.offer(0, 0ms);
  link.offer(1, 0ms);
  EXPECT_EQ(link.take(1s), Deliveries({{0, 30ms}, {1, 30ms}}));
}

TEST(Direction, the_queue_counts_who_waits_and_not_who_is_in_service) {
  Link link({.rate = kEightMbit, .queue = {.packets = 3}});
  for (std::uint32_t i = 0; i < 6; ++i) {
    link.offer(i, 0ms);
  }
  const auto& counters = link.direction.counters();
  EXPECT_EQ(counters.dropped_packets, 2U);
  EXPECT_EQ(counters.queued_packets, 3U);
  EXPECT_EQ(numbers(link.take(1s)), Numbers({0, 1, 2, 3}));
  EXPECT_EQ(counters.most_queued_packets, 3U);
  EXPECT_EQ(counters.queued_packets, 0U);
}

TEST(Direction, a_place_is_free_the_moment_that_a_transmission_ends) {
  const DirectionSpec spec{.rate = kEightMbit, .queue = {.packets = 1}};
  for (const auto& [arrival, dropped] :
       {std::pair<base::Duration, unsigned>{1ms - 1ns, 1}, {1ms, 0}}) {
    Link link(spec);
    link.offer(0, 0ms);
    link.offer(1, 0ms);
    link.offer(2, arrival);
    EXPECT_EQ(link.direction.counters().dropped_packets, dropped);
  }
}

TEST(Direction, drop_tail_drops_what_arrives) {
  Link link({.rate = kEightMbit, .queue = {.packets = 2}});
  for (std::uint32_t i = 0; i < 10; ++i) {
    link.offer(i, i * 500us);
  }
  // Twice as fast as the link: once two wait, every other one finds no place.
  EXPECT_EQ(numbers(link.take(1s)), Numbers({0, 1, 2, 3, 4, 6, 8}));
}

TEST(Direction, single_drop_spares_the_others_for_its_quiet_time) {
  Link link({.rate = kEightMbit,
             .queue = {.packets = 1, .policy = QueuePolicy::single_drop, .quiet = 15ms}});
  link.offer(0, 0ms);
  link.offer(1, 0ms);
  for (std::uint32_t i = 2; i < 12; ++i) {
    link.offer(i, 100us);
  }
  EXPECT_EQ(link.direction.counters().dropped_packets, 1U);  // number 2
  link.offer(12, 100us + 15ms - 1ns);
  EXPECT_EQ(link.direction.counters().dropped_packets, 1U);
  for (std::uint32_t i = 13; i < 20; ++i) {
    link.offer(i, 100us + 15ms);
  }
  EXPECT_EQ(link.direction.counters().dropped_packets, 2U);
  const auto arrived = numbers(link.take(1s));
  EXPECT_EQ(std::ranges::count(arrived, 2U), 0);
  EXPECT_EQ(std::ranges::count(arrived, 12U), 1);
}

// A train of packets every `gap`, on a link with RFC 8289's queue.
std::uint64_t codel_drops(base::Duration gap, base::Duration time) {
  Link link({.rate = kEightMbit, .queue = {.packets = 10'000, .policy = QueuePolicy::codel}});
  std::uint32_t number = 0;
  for (base::Duration now{}; now < time; now += gap) {
    link.offer(number++, now);
    link.take(now);
  }
  return link.direction.counters().dropped_packets;
}

TEST(Direction, codel_fights_a_standing_queue) {
  EXPECT_GT(codel_drops(900us, 3s), 10U);
}

TEST(Direction, codel_leaves_a_short_queue_alone) {
  EXPECT_EQ(codel_drops(1ms, 3s), 0U);
}

TEST(Direction, codel_drops_at_the_front) {
  Link link({.rate = kEightMbit, .queue = {.packets = 10'000, .policy = QueuePolicy::codel}});
  for (std::uint32_t i = 0; i < 1000; ++i) {
    link.offer(i, 0ms);
  }
  const auto arrived = numbers(link.take(10s));
  const auto gap = std::ranges::adjacent_find(
      arrived, [](std::uint32_t a, std::uint32_t b) { return b != a + 1; });
  ASSERT_NE(gap, arrived.end());
  // Waits are over 5 ms from number 5 on; an interval later dropping begins.
  EXPECT_EQ(*gap, 104U);
  EXPECT_EQ(arrived.back(), 999U);
}

TEST(Direction, jitter_delays_and_never_reorders) {
  Link link({.rate = {800e6}, .delay = 10ms, .jitter = 5ms});
  for (std::uint32_t i = 0; i < 5000; ++i) {
    link.offer(i, i * 100us);
  }
  const auto arrived = link.take(10s);
  ASSERT_EQ(arrived.size(), 5000U);
  base::Duration most{};
  for (std::uint32_t i = 0; i < arrived.size(); ++i) {
    ASSERT_EQ(arrived[i].number, i);
    ASSERT_TRUE(i == 0 || arrived[i].due >= arrived[i - 1].due);
    const auto delay = arrived[i].due - i * 100us - 10us;
    ASSERT_GE(delay, 10ms);
    ASSERT_LE(delay, 15ms);
    most = std::max<base::Duration>(most, delay);
  }
  EXPECT_GT(most, 14ms);
}

TEST(Direction, lost_packets_take_up_time_on_the_wire) {
  Link link({.rate = kEightMbit, .loss = {1, 1}});
  link.offer(0, 0ms);
  link.offer(1, 0ms);
  EXPECT_TRUE(link.take(1s).empty());
  const auto& counters = link.direction.counters();
  EXPECT_EQ(counters.lost_packets, 2U);
  EXPECT_EQ(counters.carried_packets, 2U);
  EXPECT_EQ(counters.busy, 2ms);

  Link half({.rate = kEightMbit, .loss = {0.5, 1}});
  for (std::uint32_t i = 0; i < 1000; ++i) {
    half.offer(i, 0ms);
  }
  const auto arrived = half.take(10s);
  EXPECT_GT(arrived.size(), 400U);
  EXPECT_LT(arrived.size(), 600U);
  for (const auto& [number, due] : arrived) {
    ASSERT_EQ(due, (number + 1) * 1ms);  // as if nothing before it had been lost
  }
}

TEST(Direction, its_losses_are_those_of_its_seed) {
  const LossSpec loss{0.2, 4};
  Link link({.rate = kEightMbit, .loss = loss, .queue = {.packets = 5000}}, 77);
  LossProcess process(loss, 77);
  Numbers expected;
  for (std::uint32_t i = 0; i < 3000; ++i) {
    link.offer(i, 0ms);
    if (!process.loses_next()) {
      expected.push_back(i);
    }
  }
  EXPECT_EQ(numbers(link.take(100s)), expected);
}

TEST(Direction, waiting_is_measured) {
  Link link({.rate = kEightMbit});
  for (std::uint32_t i = 0; i < 11; ++i) {
    link.offer(i, 0ms);  // number i waits i ms
  }
  link.take(1s);
  const auto& queueing = link.direction.counters().queueing;
  EXPECT_EQ(queueing.total(), 11U);
  EXPECT_NEAR(base::to_seconds(queueing.percentile(0.5)), 0.005, 0.005 / 32);
  EXPECT_NEAR(base::to_seconds(queueing.percentile(1)), 0.010, 0.010 / 32);
}

// Packets that come in clumps, now faster and now slower than the link, of many sizes.
struct Coming {
  base::Duration time;
  std::uint32_t length;
};

std::vector<Coming> clumps(std::uint64_t seed) {
  base::SplitMix64 random(seed);
  std::vector<Coming> list;
  base::Duration time{};
  for (int i = 0; i < 6000; ++i) {
    const bool fast = i / 500 % 3 != 2;
    time += std::chrono::microseconds(random.below(fast ? 1200 : 4000));
    list.push_back({time, static_cast<std::uint32_t>(40 + random.below(1461))});
  }
  return list;
}

struct Scene {
  const char* name;
  DirectionSpec spec;
};

void PrintTo(const Scene& scene, std::ostream* stream) {
  *stream << scene.name;
}

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> all = {
      {"drop_tail", {.rate = kEightMbit, .delay = 3ms, .queue = {.packets = 20}}},
      {"single_drop",
       {.rate = kEightMbit,
        .queue = {.packets = 20, .policy = QueuePolicy::single_drop, .quiet = 30ms}}},
      {"codel", {.rate = kEightMbit, .delay = 1ms, .queue = {2000, QueuePolicy::codel, {}}}},
      {"lossy_codel",
       {.rate = kEightMbit, .loss = {0.4, 1}, .queue = {2000, QueuePolicy::codel, {}}}},
      {"lossy_and_jittery",
       {.rate = kEightMbit, .delay = 2ms, .jitter = 4ms, .loss = {0.1, 3}, .queue = {50}}},
      {"unlimited", {.delay = 2ms, .loss = {0.1, 1}}},
  };
  return all;
}

class EveryDirection : public testing::TestWithParam<Scene> {};

INSTANTIATE_TEST_SUITE_P(Scenes, EveryDirection, testing::ValuesIn(scenes()),
                         [](const auto& scene) { return std::string(scene.param.name); });

// What comes out when the link is looked after at every moment that it names.
Deliveries watched(Link& link, const std::vector<Coming>& packets) {
  Deliveries all;
  const auto until = [&](base::TimePoint time) {
    while (link.direction.next_due() && *link.direction.next_due() <= time) {
      for (const auto& one : take_all(link.direction, link.pool, *link.direction.next_due())) {
        all.push_back(one);
      }
    }
  };
  std::uint32_t number = 0;
  for (const auto& [time, length] : packets) {
    until(at(time));
    link.offer(number++, time, length);
  }
  until(at(1h));
  return all;
}

TEST_P(EveryDirection, a_caller_who_comes_late_bends_nothing) {
  const auto packets = clumps(5);
  Link attended(GetParam().spec);
  const auto expected = watched(attended, packets);
  Link neglected(GetParam().spec);
  std::uint32_t number = 0;
  for (const auto& [time, length] : packets) {
    neglected.offer(number++, time, length);
  }
  EXPECT_EQ(neglected.take(1h), expected);
  EXPECT_EQ(neglected.direction.counters().dropped_packets,
            attended.direction.counters().dropped_packets);
  EXPECT_EQ(neglected.direction.counters().most_queued_packets,
            attended.direction.counters().most_queued_packets);
  EXPECT_LT(expected.size(), packets.size()) << "nothing was lost or dropped: too easy";
}

TEST_P(EveryDirection, the_counters_add_up_at_every_moment) {
  Link link(GetParam().spec);
  std::uint64_t offered = 0;
  std::uint64_t bytes = 0;
  std::uint64_t delivered = 0;
  for (const auto& [time, length] : clumps(6)) {
    link.offer(static_cast<std::uint32_t>(offered++), time, length);
    bytes += length;
    const auto& counters = link.direction.counters();
    ASSERT_EQ(counters.offered_packets, offered);
    ASSERT_EQ(counters.offered_bytes, bytes);
    ASSERT_EQ(offered,
              counters.carried_packets + counters.dropped_packets + counters.queued_packets);
    ASSERT_EQ(counters.queueing.total(), counters.carried_packets);
    delivered += link.take(time).size();
  }
  delivered += link.take(1h).size();
  const auto& counters = link.direction.counters();
  EXPECT_EQ(counters.queued_packets, 0U);
  EXPECT_EQ(delivered, counters.carried_packets - counters.lost_packets);
  EXPECT_LE(counters.largest_packet, kMtu);
}

TEST_P(EveryDirection, the_next_packet_never_comes_before_it_was_told) {
  Link link(GetParam().spec);
  std::uint32_t number = 0;
  for (const auto& [time, length] : clumps(7)) {
    const auto told = link.direction.next_due();
    const auto arrived = link.take(time);
    if (!arrived.empty()) {
      ASSERT_TRUE(told);
      ASSERT_LE(*told, at(arrived.front().due));
    }
    link.offer(number++, time, length);
  }
}

TEST_P(EveryDirection, packets_circulate) {
  Link link(GetParam().spec);
  const auto packets = clumps(8);
  const auto round = [&](base::Duration start) {
    for (const auto& [time, length] : packets) {
      link.offer(0, start + time, length);
      link.take(start + time);
    }
    link.take(start + 1h);
  };
  round(0s);
  const auto made = link.pool.made();
  round(1h);
  round(2h);
  EXPECT_EQ(link.pool.made(), made);
}

}  // namespace
}  // namespace dlab::linkem
