#include "common/base/random.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <vector>

namespace dlab::base {
namespace {

std::vector<int> shuffled(std::uint64_t seed, std::size_t size) {
  std::vector<int> items(size);
  std::iota(items.begin(), items.end(), 0);
  SplitMix64 random(seed);
  shuffle(std::span(items), random);
  return items;
}

// The outputs of the authors' C program for this seed.
TEST(SplitMix64, agrees_with_the_reference_program) {
  SplitMix64 random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
  EXPECT_EQ(random.next(), 4593380528125082431U);
  EXPECT_EQ(random.next(), 16408922859458223821U);
}

TEST(SplitMix64, below_stays_below) {
  SplitMix64 random(7);
  std::array<int, 6> counts{};
  for (int i = 0; i < 6000; ++i) {
    ++counts.at(random.below(counts.size()));
  }
  EXPECT_GT(*std::ranges::min_element(counts), 850);  // 1000 expected, 29 their deviation
  EXPECT_EQ(random.below(1), 0U);
}

TEST(SplitMix64, uniform_numbers_fill_the_unit_interval) {
  SplitMix64 random(7);
  double sum = 0;
  for (int i = 0; i < 10'000; ++i) {
    const double number = random.uniform();
    ASSERT_GE(number, 0);
    ASSERT_LT(number, 1);
    sum += number;
  }
  EXPECT_NEAR(sum / 10'000, 0.5, 0.02);
}

TEST(Shuffle, is_a_permutation) {
  for (const std::size_t size : {0U, 1U, 2U, 256U}) {
    auto items = shuffled(3, size);
    std::ranges::sort(items);
    EXPECT_EQ(items.size(), size);
    EXPECT_TRUE(std::ranges::adjacent_find(items) == items.end());
  }
}

TEST(Shuffle, is_the_same_for_the_same_seed_and_another_for_another) {
  EXPECT_EQ(shuffled(3, 100), shuffled(3, 100));
  EXPECT_NE(shuffled(3, 100), shuffled(4, 100));
}

TEST(Shuffle, its_result_is_pinned) {
  EXPECT_EQ(shuffled(1, 8), (std::vector<int>{4, 3, 2, 7, 5, 6, 0, 1}));
}

TEST(Shuffle, brings_every_item_to_every_place_equally_often) {
  SplitMix64 random(11);
  std::array<std::array<int, 4>, 4> counts{};
  for (int round = 0; round < 8000; ++round) {
    std::array<std::size_t, 4> items{0, 1, 2, 3};
    shuffle(std::span<std::size_t>(items), random);
    for (std::size_t place = 0; place < items.size(); ++place) {
      ++counts[items[place]][place];
    }
  }
  for (const auto& row : counts) {
    EXPECT_GT(*std::ranges::min_element(row), 1800);  // 2000 expected, 39 their deviation
  }
}

}  // namespace
}  // namespace dlab::base
