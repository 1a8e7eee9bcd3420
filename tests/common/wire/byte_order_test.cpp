#include "common/wire/byte_order.hpp"

#include <gtest/gtest.h>

#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

TEST(ByteOrder, integers_are_written_with_the_highest_byte_first) {
  Writer out;
  out.integer(std::uint8_t{0x01});
  out.integer(std::uint16_t{0x0203});
  out.integer(std::uint32_t{0x04050607});
  out.integer(std::uint64_t{0x08090a0b0c0d0e0f});
  EXPECT_EQ(test::hex(out.bytes()), "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f");
}

TEST(ByteOrder, what_was_written_is_read_back) {
  Writer out;
  out.integer(std::uint64_t{0xfedcba9876543210});
  out.text("name");
  out.raw(test::bytes("aa bb"));
  Reader in(out.bytes());
  EXPECT_EQ(in.integer<std::uint64_t>(), 0xfedcba9876543210);
  EXPECT_EQ(in.text(), "name");
  EXPECT_FALSE(in.complete());
  EXPECT_EQ(test::hex(in.take_rest()), "aa bb");
  EXPECT_TRUE(in.complete());
}

TEST(ByteOrder, a_reader_past_the_end_stays_not_ok) {
  const auto input = test::bytes("01 02 03");
  Reader in(input);
  EXPECT_EQ(in.integer<std::uint16_t>(), 0x0102);
  EXPECT_EQ(in.integer<std::uint16_t>(), 0);
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.integer<std::uint8_t>(), 0);
  EXPECT_TRUE(in.take_rest().empty());
  EXPECT_FALSE(in.ok());
  EXPECT_FALSE(in.complete());
}

TEST(ByteOrder, a_text_longer_than_what_is_left_is_empty_and_not_ok) {
  const auto input = test::bytes("00 05 61 62 63 64");
  Reader in(input);
  EXPECT_EQ(in.text(), "");
  EXPECT_FALSE(in.ok());
}

TEST(ByteOrder, an_empty_input_is_complete) {
  EXPECT_TRUE(Reader({}).complete());
}

}  // namespace
}  // namespace dlab::wire
