#include "common/wire/crc32c.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "common/base/random.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

std::vector<std::byte> counting(int first, int step) {
  std::vector<std::byte> list;
  for (int i = 0; i < 32; ++i) {
    list.push_back(static_cast<std::byte>(first + step * i));
  }
  return list;
}

// The definition, bit by bit.
std::uint32_t slow_crc32c(std::span<const std::byte> data) {
  std::uint32_t state = 0xffffffff;
  for (const std::byte byte : data) {
    state ^= std::to_integer<std::uint32_t>(byte);
    for (int bit = 0; bit < 8; ++bit) {
      state = (state >> 1U) ^ ((state & 1U) != 0 ? 0x82f63b78U : 0);
    }
  }
  return ~state;
}

TEST(Crc32c, agrees_with_the_vectors_of_rfc_3720) {
  EXPECT_EQ(crc32c(counting(0, 0)), 0x8a9136aaU);
  EXPECT_EQ(crc32c(counting(0xff, 0)), 0x62a8ab43U);
  EXPECT_EQ(crc32c(counting(0, 1)), 0x46dd794eU);
  EXPECT_EQ(crc32c(counting(31, -1)), 0x113fdb5cU);
  EXPECT_EQ(crc32c(test::bytes("01 c0 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
                               "14 00 00 00 00 00 04 00 00 00 00 14 00 00 00 18"
                               "28 00 00 00 00 00 00 00 02 00 00 00 00 00 00 00")),
            0xd9963a56U);
}

TEST(Crc32c, has_the_check_value_that_the_page_promises) {
  EXPECT_EQ(crc32c(test::raw("123456789")), 0xe3069283U);
}

TEST(Crc32c, of_nothing_is_zero) {
  EXPECT_EQ(crc32c({}), 0U);
}

TEST(Crc32c, agrees_with_the_definition_at_every_length_and_place) {
  base::SplitMix64 random(1);
  std::vector<std::byte> data(300);
  for (auto& byte : data) {
    byte = static_cast<std::byte>(random.next());
  }
  for (std::size_t begin = 0; begin < 9; ++begin) {
    for (std::size_t size = 0; begin + size <= data.size(); ++size) {
      const auto piece = std::span(data).subspan(begin, size);
      ASSERT_EQ(crc32c(piece), slow_crc32c(piece)) << "from " << begin << ", " << size << " bytes";
    }
  }
}

TEST(Crc32c, goes_on_from_what_precedes) {
  const auto whole = test::raw("Hello, Download Lab!\n");
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    EXPECT_EQ(crc32c(whole.subspan(cut), crc32c(whole.first(cut))), crc32c(whole));
  }
}

}  // namespace
}  // namespace dlab::wire
