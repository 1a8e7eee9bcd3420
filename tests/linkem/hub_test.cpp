#include "linkem/hub.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/linkem/numbered.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

constexpr base::BitRate kFourMbit{4e6};
using Deliveries = std::vector<Delivery>;

struct Hosts {
  explicit Hosts(const std::vector<LinkSpec>& links) : hub(star(links), pool) {}

  static StarSpec star(const std::vector<LinkSpec>& links) {
    StarSpec spec;
    for (const auto& link : links) {
      spec.hosts.push_back({"host", link});
    }
    return spec;
  }

  // An IPv4 packet from one host to the address of another.
  Packet* addressed(std::size_t to, std::uint32_t number, std::uint32_t length = 1000) {
    Packet* packet = numbered(pool, number, length);
    packet->bytes[0] = std::byte{0x45};
    const std::array<unsigned char, 4> address = {10, 77, 0, static_cast<unsigned char>(to + 1)};
    std::memcpy(packet->bytes.data() + 16, address.data(), address.size());
    return packet;
  }
  void send(std::size_t from, std::size_t to, std::uint32_t number, base::Duration time,
            std::uint32_t length = 1000) {
    hub.from_host(from, addressed(to, number, length), at(time));
  }
  Deliveries take(std::size_t host, base::Duration time) {
    hub.advance(at(time));
    Deliveries list;
    while (Packet* packet = hub.to_host(host, at(time))) {
      list.push_back(delivered(pool, packet));
    }
    return list;
  }

  PacketPool pool;
  Hub hub;
};

TEST(Hub, packets_go_where_they_are_addressed) {
  Hosts hosts({{}, {}, {}});
  hosts.send(0, 2, 7, 0ms);
  hosts.send(1, 0, 8, 0ms);
  hosts.send(2, 2, 9, 0ms);
  EXPECT_EQ(hosts.take(0, 0ms), Deliveries({{8, 0ms}}));
  EXPECT_TRUE(hosts.take(1, 1s).empty());
  EXPECT_EQ(hosts.take(2, 1s), Deliveries({{7, 0ms}, {9, 0ms}}));
  EXPECT_FALSE(hosts.hub.next_due());
}

// Sends what `change` made of a good packet, and expects it to go nowhere.
template <typename Change>
void expect_dropped(Change change) {
  Hosts hosts({{}, {}});
  for (int round = 0; round < 1000; ++round) {
    Packet* packet = hosts.addressed(1, 0);
    change(*packet);
    hosts.hub.from_host(0, packet, at(0ms));
    EXPECT_TRUE(hosts.take(0, 1s).empty());
    EXPECT_TRUE(hosts.take(1, 1s).empty());
  }
  EXPECT_EQ(hosts.hub.up(0).counters().carried_packets, 1000U);
  EXPECT_LE(hosts.pool.made(), 256U) << "what is dropped must be used again";
}

TEST(Hub, packets_for_nobody_are_dropped) {
  for (const int last : {0, 3, 200, 255}) {
    expect_dropped([&](Packet& packet) { packet.bytes[19] = static_cast<std::byte>(last); });
  }
  expect_dropped([](Packet& packet) { packet.bytes[16] = std::byte{11}; });
  expect_dropped([](Packet& packet) { packet.bytes[17] = std::byte{78}; });
  expect_dropped([](Packet& packet) { packet.bytes[18] = std::byte{1}; });
}

TEST(Hub, garbage_is_dropped) {
  expect_dropped([](Packet& packet) { packet.length = 19; });
  expect_dropped([](Packet& packet) { packet.length = 0; });
  expect_dropped([](Packet& packet) { packet.bytes[0] = std::byte{0x60}; });  // IPv6
  expect_dropped([](Packet& packet) { packet.bytes[0] = std::byte{0}; });
}

TEST(Hub, a_packet_crosses_both_links) {
  const LinkSpec server{{.rate = kEightMbit, .delay = 10ms}, {}};
  const LinkSpec client{{}, {.rate = kFourMbit, .delay = 5ms}};
  Hosts hosts({server, client});
  hosts.send(0, 1, 0, 0ms);
  hosts.send(0, 1, 1, 0ms);
  // 1 ms to send, 10 ms away; then 2 ms and 5 ms; the second waits at the slower link.
  EXPECT_EQ(hosts.take(1, 1s), Deliveries({{0, 18ms}, {1, 20ms}}));
}

TEST(Hub, hosts_meet_at_a_bottleneck_in_the_order_of_their_arrival) {
  const LinkSpec near_host{{.delay = 1ms}, {}};
  const LinkSpec far_host{{.delay = 3ms}, {}};
  const LinkSpec bottleneck{{}, {.rate = kEightMbit}};
  Hosts hosts({bottleneck, near_host, far_host});
  for (std::uint32_t i = 0; i < 5; ++i) {
    hosts.send(1, 0, 10 + i, i * 1ms, 500);  // there at 1, 2, 3, 4, 5 ms
  }
  for (std::uint32_t i = 0; i < 2; ++i) {
    hosts.send(2, 0, 20 + i, 4ms + i * 500us - 3500us, 500);  // there at 3.5 and 4 ms
  }
  EXPECT_EQ(hosts.take(0, 1s), Deliveries({{10, 1500us},
                                           {11, 2500us},
                                           {12, 3500us},
                                           {20, 4000us},
                                           {13, 4500us},
                                           {21, 5000us},
                                           {14, 5500us}}));
}

// Traffic of three hosts among each other through limited links.
struct Traffic {
  std::size_t from;
  std::size_t to;
  base::Duration time;
  std::uint32_t length;
};

std::vector<Traffic> traffic() {
  base::SplitMix64 random(3);
  std::vector<Traffic> list;
  base::Duration time{};
  for (int i = 0; i < 5000; ++i) {
    time += std::chrono::microseconds(random.below(900));
    const auto from = random.below(3);
    list.push_back({from, (from + 1 + random.below(2)) % 3, time,
                    static_cast<std::uint32_t>(40 + random.below(1461))});
  }
  return list;
}

std::vector<LinkSpec> limited_links(QueuePolicy policy) {
  std::vector<LinkSpec> links;
  for (const auto delay : {1ms, 2ms, 7ms}) {
    const DirectionSpec direction{
        .rate = kEightMbit, .delay = delay, .loss = {0.02, 1}, .queue = {15, policy, 40ms}};
    links.push_back({direction, direction});
  }
  return links;
}

class EveryHub : public testing::TestWithParam<QueuePolicy> {};
INSTANTIATE_TEST_SUITE_P(Policies, EveryHub,
                         testing::Values(QueuePolicy::drop_tail, QueuePolicy::single_drop,
                                         QueuePolicy::codel));

TEST_P(EveryHub, an_advance_that_comes_late_bends_nothing) {
  Hosts attended(limited_links(GetParam()));
  Hosts neglected(limited_links(GetParam()));
  std::vector<Deliveries> expected(3);
  const auto look_after = [&](base::TimePoint time) {
    while (attended.hub.next_due() && *attended.hub.next_due() <= time) {
      const auto now = *attended.hub.next_due();
      for (std::size_t host = 0; host < 3; ++host) {
        for (const auto& one : attended.take(host, now - at({}))) {
          expected[host].push_back(one);
        }
      }
    }
  };
  std::uint32_t number = 0;
  for (const auto& [from, to, time, length] : traffic()) {
    look_after(at(time));
    attended.send(from, to, number, time, length);
    neglected.send(from, to, number++, time, length);
  }
  look_after(at(1h));
  for (std::size_t host = 0; host < 3; ++host) {
    EXPECT_GT(expected[host].size(), 500U);
    EXPECT_EQ(neglected.take(host, 1h), expected[host]) << "host " << host;
    EXPECT_EQ(neglected.hub.down(host).counters().dropped_packets,
              attended.hub.down(host).counters().dropped_packets);
  }
}

}  // namespace
}  // namespace dlab::linkem
