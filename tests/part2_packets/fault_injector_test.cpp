#include "part2_packets/fault_injector.hpp"

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <vector>

namespace dlab::part2 {
namespace {

TEST(FaultRates, a_list_names_each_kind_in_any_order) {
  EXPECT_EQ(parse_fault_rates("drop=0.2,corrupt=1%,duplicate=0.5"), (FaultRates{0.2, 0.01, 0.5}));
  EXPECT_EQ(parse_fault_rates("duplicate=0.5,drop=20%"), (FaultRates{0.2, 0, 0.5}));
  EXPECT_EQ(parse_fault_rates("corrupt=1"), (FaultRates{0, 1, 0}));
  EXPECT_EQ(parse_fault_rates("drop=0"), FaultRates{});
}

TEST(FaultRates, any_other_text_is_none) {
  for (const auto* text :
       {"", ",", "drop", "drop=", "drop=x", "drop=-0.1", "drop=1.1", "drop=101%", "=0.1",
        "drop=0.1,", ",drop=0.1", "drop=0.1,,corrupt=0.1", "drop=0.1,drop=0.2", "drop=0.1,=0.2",
        "lose=0.1", "drop=0.1 ,corrupt=0.1", "Drop=0.1", "drop=0.1;corrupt=0.1"}) {
    EXPECT_FALSE(parse_fault_rates(text)) << text;
  }
}

struct Tally {
  int dropped = 0;
  int corrupted = 0;
  int duplicated = 0;
};

Tally tally(FaultInjector& faults, int packets) {
  Tally tally;
  for (int i = 0; i < packets; ++i) {
    const auto fate = faults.next_fate();
    tally.dropped += fate.dropped ? 1 : 0;
    tally.corrupted += fate.corrupted ? 1 : 0;
    tally.duplicated += fate.duplicated ? 1 : 0;
  }
  return tally;
}

TEST(FaultInjector, rates_of_zero_and_one_are_never_and_always) {
  FaultInjector never({}, 1);
  const auto none = tally(never, 1000);
  EXPECT_EQ(none.dropped + none.corrupted + none.duplicated, 0);
  FaultInjector always({1, 1, 1}, 1);
  const auto all = tally(always, 1000);
  EXPECT_EQ(all.dropped, 1000);
  EXPECT_EQ(all.corrupted, 1000);
  EXPECT_EQ(all.duplicated, 1000);
}

TEST(FaultInjector, trouble_is_as_frequent_as_asked_for) {
  FaultInjector faults({0.2, 0.05, 0.5}, 42);
  const auto counts = tally(faults, 10'000);  // five standard deviations either way
  EXPECT_NEAR(counts.dropped, 2000, 200);
  EXPECT_NEAR(counts.corrupted, 500, 109);
  EXPECT_NEAR(counts.duplicated, 5000, 250);
}

TEST(FaultInjector, one_rate_does_not_change_who_meets_another) {
  FaultInjector only_drop({0.3, 0, 0}, 9);
  FaultInjector everything({0.3, 0.9, 0.9}, 9);
  for (int i = 0; i < 1000; ++i) {
    EXPECT_EQ(only_drop.next_fate().dropped, everything.next_fate().dropped) << i;
  }
}

TEST(FaultInjector, corruption_turns_over_one_bit) {
  for (const std::uint64_t dice : {0ULL, 7ULL, 8ULL, 23ULL, 24ULL, 0xFFFFFFFFFFFFFFFFULL}) {
    std::array<std::byte, 3> payload{};
    corrupt(payload, dice);
    int ones = 0;
    for (const auto byte : payload) {
      ones += std::popcount(std::to_integer<unsigned>(byte));
    }
    EXPECT_EQ(ones, 1) << dice;
  }
}

}  // namespace
}  // namespace dlab::part2
