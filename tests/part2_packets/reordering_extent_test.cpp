#include "part2_packets/reordering_extent.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "common/base/random.hpp"
#include "part2_packets/packet_order.hpp"

namespace dlab::part2 {
namespace {

std::uint64_t extent_of(const std::vector<std::uint64_t>& arrivals) {
  ReorderingExtent extent;
  for (const std::uint64_t sequence : arrivals) {
    extent.arrived(sequence);
  }
  return extent.largest();
}

// The definition, word for word (RFC 4737 section 4.2.1).
std::uint64_t extent_by_definition(const std::vector<std::uint64_t>& arrivals) {
  std::uint64_t largest = 0;
  for (std::size_t i = 0; i < arrivals.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (arrivals[j] > arrivals[i]) {
        largest = std::max<std::uint64_t>(largest, i - j);
        break;
      }
    }
  }
  return largest;
}

TEST(ReorderingExtent, packets_in_order_have_none) {
  EXPECT_EQ(extent_of({}), 0U);
  EXPECT_EQ(extent_of({0, 1, 2, 3}), 0U);
  EXPECT_EQ(extent_of({5, 7, 100}), 0U);
}

TEST(ReorderingExtent, a_packet_that_is_overtaken_by_one_has_one) {
  EXPECT_EQ(extent_of({1, 2, 4, 3, 5}), 1U);
}

TEST(ReorderingExtent, a_packet_that_is_overtaken_by_many_counts_them) {
  EXPECT_EQ(extent_of({1, 2, 3, 7, 8, 9, 10, 4, 5, 6, 11}), 6U);
}

TEST(ReorderingExtent, a_reversed_window_has_all_but_one) {
  EXPECT_EQ(extent_of({4, 3, 2, 1, 0}), 4U);
}

TEST(ReorderingExtent, shuffled_packets_have_what_the_definition_says) {
  std::vector<std::uint64_t> arrivals;
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    arrange({10, 10 + seed}, wire::PacketOrder::shuffled, seed, arrivals);
    EXPECT_EQ(extent_of(arrivals), extent_by_definition(arrivals)) << "seed " << seed;
  }
}

TEST(ReorderingExtent, what_is_settled_changes_nothing_for_the_rest) {
  ReorderingExtent extent;
  for (const std::uint64_t sequence : {3U, 2U, 1U, 0U}) {
    extent.arrived(sequence);
  }
  extent.settle_below(4);
  for (const std::uint64_t sequence : {5U, 4U}) {
    extent.arrived(sequence);
  }
  EXPECT_EQ(extent.largest(), 3U);
}

TEST(ReorderingExtent, a_lower_number_after_all_was_settled_is_in_order) {
  ReorderingExtent extent;
  extent.arrived(100);
  extent.settle_below(101);
  extent.arrived(7);
  EXPECT_EQ(extent.largest(), 0U);
}

}  // namespace
}  // namespace dlab::part2
