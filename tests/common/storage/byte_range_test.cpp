#include "common/storage/byte_range.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "common/base/random.hpp"

namespace dlab::storage {
namespace {

// The same set as one flag a byte.
class Model {
 public:
  static constexpr std::uint64_t kBytes = 96;

  std::uint64_t add(ByteRange range) {
    std::uint64_t added = 0;
    for (std::uint64_t i = range.begin; i < range.end; ++i) {
      added += has_[i] ? 0U : 1U;
      has_[i] = true;
    }
    return added;
  }
  // The longest runs of bytes within `whole` that are in the set, or that are not.
  [[nodiscard]] std::vector<ByteRange> runs(ByteRange whole, bool in_set) const {
    std::vector<ByteRange> list;
    for (std::uint64_t i = whole.begin; i < whole.end; ++i) {
      if (has_[i] != in_set) {
        continue;
      }
      if (list.empty() || list.back().end != i) {
        list.push_back({i, i});
      }
      list.back().end = i + 1;
    }
    return list;
  }

 private:
  std::vector<bool> has_ = std::vector<bool>(kBytes);
};

ByteRange random_range(base::SplitMix64& random, std::uint64_t longest) {
  const std::uint64_t begin = random.below(Model::kBytes);
  const std::uint64_t size = random.below(longest + 1);
  return {begin, std::min(begin + size, Model::kBytes)};
}

void expect_equal(const RangeSet& set, const Model& model, ByteRange asked) {
  const ByteRange all{0, Model::kBytes};
  const auto runs = model.runs(all, true);
  ASSERT_EQ(set.ranges(), runs);
  std::uint64_t total = 0;
  for (const auto& run : runs) {
    total += run.size();
  }
  ASSERT_EQ(set.total(), total);
  ASSERT_EQ(set.missing(asked), model.runs(asked, false));
}

TEST(RangeSet, behaves_like_one_flag_a_byte) {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    base::SplitMix64 random(seed);
    RangeSet set;
    Model model;
    for (int step = 0; step < 40; ++step) {
      const ByteRange range = random_range(random, seed % 20);
      ASSERT_EQ(set.add(range), model.add(range)) << "seed " << seed << ", step " << step;
      expect_equal(set, model, random_range(random, Model::kBytes));
    }
  }
}

TEST(RangeSet, neighbours_join) {
  RangeSet set;
  EXPECT_EQ(set.add({0, 10}), 10U);
  EXPECT_EQ(set.add({20, 30}), 10U);
  EXPECT_EQ(set.add({10, 20}), 10U);
  EXPECT_EQ(set.ranges(), (std::vector<ByteRange>{{0, 30}}));
  EXPECT_EQ(set.add({5, 25}), 0U);
}

TEST(RangeSet, an_empty_set_misses_everything) {
  const RangeSet set;
  EXPECT_EQ(set.total(), 0U);
  EXPECT_EQ(set.missing({3, 7}), (std::vector<ByteRange>{{3, 7}}));
  EXPECT_TRUE(set.missing({3, 3}).empty());
}

TEST(RangeSet, the_largest_offsets_do_not_wrap) {
  constexpr std::uint64_t kLast = ~std::uint64_t{0};
  RangeSet set;
  EXPECT_EQ(set.add({kLast - 5, kLast}), 5U);
  EXPECT_EQ(set.add({0, kLast}), kLast - 5);
  EXPECT_EQ(set.ranges(), (std::vector<ByteRange>{{0, kLast}}));
}

TEST(Divide, parts_are_neighbours_and_differ_by_at_most_one_byte) {
  for (std::uint64_t size = 0; size < 40; ++size) {
    for (std::uint64_t parts = 1; parts < 12; ++parts) {
      const auto ranges = divide({100, 100 + size}, parts);
      ASSERT_EQ(ranges.size(), parts);
      std::uint64_t position = 100;
      for (const auto& range : ranges) {
        ASSERT_EQ(range.begin, position);
        ASSERT_LE(range.size(), ranges.front().size());
        ASSERT_GE(range.size() + 1, ranges.front().size());
        position = range.end;
      }
      ASSERT_EQ(position, 100 + size);
      ASSERT_EQ(ranges.back().size(), size / parts);
    }
  }
}

TEST(Divide, the_first_part_is_the_share_that_a_server_would_send) {
  EXPECT_EQ(divide({0, 10}, 3), (std::vector<ByteRange>{{0, 4}, {4, 7}, {7, 10}}));
  EXPECT_EQ(divide({0, 2}, 3), (std::vector<ByteRange>{{0, 1}, {1, 2}, {2, 2}}));
}

}  // namespace
}  // namespace dlab::storage
