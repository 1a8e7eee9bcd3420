#include "part2_packets/packet_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dlab::part2 {
namespace {

using wire::PacketOrder;
using Sequences = std::vector<std::uint64_t>;

Sequences arranged(SequenceRange window, PacketOrder order, std::uint64_t seed = 1) {
  Sequences sequences{99, 99};  // what an earlier window left behind
  arrange(window, order, seed, sequences);
  return sequences;
}

TEST(PacketOrder, sequential_counts_up) {
  EXPECT_EQ(arranged({5, 9}, PacketOrder::sequential), (Sequences{5, 6, 7, 8}));
}

TEST(PacketOrder, reversed_counts_down) {
  EXPECT_EQ(arranged({5, 9}, PacketOrder::reversed), (Sequences{8, 7, 6, 5}));
}

TEST(PacketOrder, shuffled_has_each_packet_once) {
  auto shuffled = arranged({100, 356}, PacketOrder::shuffled);
  EXPECT_FALSE(std::ranges::is_sorted(shuffled));
  std::ranges::sort(shuffled);
  EXPECT_EQ(shuffled, arranged({100, 356}, PacketOrder::sequential));
}

TEST(PacketOrder, the_same_seed_shuffles_alike) {
  EXPECT_EQ(arranged({0, 8}, PacketOrder::shuffled, 7), arranged({0, 8}, PacketOrder::shuffled, 7));
  EXPECT_NE(arranged({0, 8}, PacketOrder::shuffled, 7), arranged({0, 8}, PacketOrder::shuffled, 8));
}

TEST(PacketOrder, each_window_is_shuffled_in_its_own_way) {
  auto second = arranged({256, 512}, PacketOrder::shuffled);
  for (auto& sequence : second) {
    sequence -= 256;
  }
  EXPECT_NE(second, arranged({0, 256}, PacketOrder::shuffled));
}

TEST(PacketOrder, an_empty_window_has_no_packets) {
  for (const auto order : {PacketOrder::sequential, PacketOrder::reversed, PacketOrder::shuffled}) {
    EXPECT_EQ(arranged({3, 3}, order), Sequences{});
  }
}

}  // namespace
}  // namespace dlab::part2
