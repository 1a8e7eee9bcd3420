#include "part2_packets/packet_layout.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace dlab::part2 {
namespace {

using storage::ByteRange;

TEST(PacketLayout, a_size_that_packets_divide_has_only_full_ones) {
  const PacketLayout layout{.packet_bytes = 100, .end = 300};
  EXPECT_EQ(layout.packets_from(0), (SequenceRange{0, 3}));
  EXPECT_EQ(layout.length(2), 100U);
  EXPECT_EQ(layout.bytes_of({1, 3}), (ByteRange{100, 300}));
}

TEST(PacketLayout, what_is_left_over_is_a_shorter_packet) {
  const PacketLayout layout{.packet_bytes = 100, .end = 301};
  EXPECT_EQ(layout.packets_from(0), (SequenceRange{0, 4}));
  EXPECT_EQ(layout.length(2), 100U);
  EXPECT_EQ(layout.length(3), 1U);
  EXPECT_EQ(layout.bytes_of({3, 4}), (ByteRange{300, 301}));
}

TEST(PacketLayout, an_empty_file_has_no_packets) {
  const PacketLayout layout{.packet_bytes = 100, .end = 0};
  EXPECT_EQ(layout.packets_from(0).size(), 0U);
}

TEST(PacketLayout, a_range_at_the_end_of_the_file_has_no_packets) {
  EXPECT_EQ((PacketLayout{.packet_bytes = 100, .end = 300}.packets_from(300)),
            (SequenceRange{3, 3}));
}

TEST(PacketLayout, the_largest_file_of_the_smallest_packets_has_no_overflow) {
  constexpr std::uint64_t kLargest = std::numeric_limits<std::int64_t>::max();
  const PacketLayout layout{.packet_bytes = 1, .end = kLargest};
  EXPECT_EQ(layout.packets_from(0), (SequenceRange{0, kLargest}));
  EXPECT_EQ(layout.length(kLargest - 1), 1U);
  const PacketLayout big{.packet_bytes = 1U << 20U, .end = kLargest};
  const auto last = big.packets_from(0).end - 1;
  EXPECT_EQ(big.bytes_of({last, last + 1}).end, kLargest);
}

}  // namespace
}  // namespace dlab::part2
