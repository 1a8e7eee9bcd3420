#include "common/wire/frame.hpp"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

std::vector<std::byte> header(std::uint8_t type, std::size_t body_bytes) {
  std::vector<std::byte> out(kHeaderBytes);
  write_header(static_cast<MessageType>(type), body_bytes, out);
  return out;
}

void expect_unreadable(std::string_view input, FrameError error) {
  const auto parsed = parse_frame(test::bytes(input));
  EXPECT_FALSE(parsed.frame) << input;
  EXPECT_EQ(parsed.error, error) << input;
}

TEST(Frame, a_header_is_magic_version_type_reserved_and_length) {
  EXPECT_EQ(test::hex(header(0x82, 0x00012345)), "d1 4c 41 42 01 82 00 00 00 01 23 45");
}

TEST(Frame, a_whole_frame_is_found_at_the_front) {
  const auto input = test::bytes("d1 4c 41 42 01 05 00 00 00 00 00 02 aa bb d1 4c");
  const auto parsed = parse_frame(input);
  ASSERT_TRUE(parsed.frame);
  EXPECT_EQ(parsed.error, FrameError::none);
  EXPECT_EQ(parsed.bytes, 14U);
  EXPECT_EQ(test::hex(parsed.frame->body), "aa bb");
}

TEST(Frame, a_frame_cut_off_anywhere_says_how_many_bytes_it_needs) {
  const auto input = test::bytes("d1 4c 41 42 01 01 00 00 00 00 00 03 aa bb cc");
  for (std::size_t size = 0; size < input.size(); ++size) {
    const auto parsed = parse_frame(std::span(input).first(size));
    EXPECT_FALSE(parsed.frame) << size;
    EXPECT_EQ(parsed.error, FrameError::none) << size;
    EXPECT_EQ(parsed.bytes, size < kHeaderBytes ? kHeaderBytes : input.size()) << size;
  }
  EXPECT_TRUE(parse_frame(input).frame);
}

TEST(Frame, a_wrong_first_byte_is_known_at_once) {
  expect_unreadable("47", FrameError::bad_magic);  // 'G' of an HTTP request
  expect_unreadable("00", FrameError::bad_magic);
  expect_unreadable("d0 4c 41 42 01 01 00 00 00 00 00 00", FrameError::bad_magic);
}

TEST(Frame, each_byte_of_the_magic_counts) {
  expect_unreadable("d1 4d 41 42 01 01 00 00 00 00 00 00", FrameError::bad_magic);
  expect_unreadable("d1 4c 40 42 01 01 00 00 00 00 00 00", FrameError::bad_magic);
  expect_unreadable("d1 4c 41 43 01 01 00 00 00 00 00 00", FrameError::bad_magic);
}

TEST(Frame, the_first_byte_of_the_magic_is_no_ascii_letter) {
  EXPECT_GE(kMagic >> 24U, 0x80U);
}

TEST(Frame, another_version_is_refused) {
  expect_unreadable("d1 4c 41 42 02 01 00 00 00 00 00 00", FrameError::bad_version);
  expect_unreadable("d1 4c 41 42 00 01 00 00 00 00 00 00", FrameError::bad_version);
}

TEST(Frame, the_reserved_field_is_not_looked_at) {
  EXPECT_TRUE(parse_frame(test::bytes("d1 4c 41 42 01 01 ff ff 00 00 00 00")).frame);
}

TEST(Frame, a_body_beyond_its_types_bound_is_refused_before_it_comes) {
  for (int type = 0; type < 256; ++type) {
    const auto number = static_cast<std::uint8_t>(type);
    const std::size_t bound = max_body(static_cast<MessageType>(number));
    EXPECT_EQ(parse_frame(header(number, bound)).error, FrameError::none) << type;
    EXPECT_EQ(parse_frame(header(number, bound)).bytes, kHeaderBytes + bound) << type;
    EXPECT_EQ(parse_frame(header(number, bound + 1)).error, FrameError::too_long) << type;
  }
  expect_unreadable("d1 4c 41 42 01 01 00 00 ff ff ff ff", FrameError::too_long);
}

TEST(Frame, the_bounds_are_those_of_the_page) {
  EXPECT_EQ(max_body(MessageType::packet), 1'048'608U);
  EXPECT_EQ(max_body(MessageType::listing), 1'048'576U);
  EXPECT_EQ(max_body(MessageType::get), 65'536U);
  EXPECT_EQ(max_body(static_cast<MessageType>(0x2a)), 65'536U);
}

TEST(Frame, an_unknown_type_passes) {
  const auto parsed = parse_frame(test::bytes("d1 4c 41 42 01 2a 00 00 00 00 00 01 aa"));
  ASSERT_TRUE(parsed.frame);
  EXPECT_EQ(static_cast<int>(parsed.frame->type), 0x2a);
}

}  // namespace
}  // namespace dlab::wire
