#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "common/wire/codec.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

constexpr PacketHeader kHeader{.sequence = 1, .offset = 8, .sent_ns = 0x0102030405060708};

std::vector<std::byte> packet_frame(std::string_view payload) {
  const auto preamble = encode_packet_preamble(kHeader, test::raw(payload));
  std::vector<std::byte> frame(preamble.size() + payload.size());
  std::ranges::copy(preamble, frame.begin());
  std::ranges::copy(test::raw(payload), frame.end() - static_cast<std::ptrdiff_t>(payload.size()));
  return frame;
}

std::span<const std::byte> body_of(const std::vector<std::byte>& frame) {
  const auto parsed = parse_frame(frame);
  return parsed.frame ? parsed.frame->body : std::span<const std::byte>();
}

TEST(Packet, the_preamble_is_pinned) {
  EXPECT_EQ(test::hex(encode_packet_preamble(kHeader, test::raw("ownload "))),
            "d1 4c 41 42 01 82 00 00 00 00 00 28 00 00 00 00 00 00 00 01 00 00 00 00 00 00 00 08 "
            "01 02 03 04 05 06 07 08 00 00 00 08 a0 ef 23 1d");
}

TEST(Packet, a_packet_round_trips) {
  const auto frame = packet_frame("ownload ");
  const auto packet = decode_packet(body_of(frame));
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->header.sequence, 1U);
  EXPECT_EQ(packet->header.offset, 8U);
  EXPECT_EQ(packet->header.sent_ns, 0x0102030405060708U);
  EXPECT_EQ(packet->header.length, 8U);
  EXPECT_EQ(test::text(packet->payload), "ownload ");
  EXPECT_TRUE(packet_is_intact(*packet));
}

TEST(Packet, an_empty_packet_round_trips) {
  const auto frame = packet_frame("");
  const auto packet = decode_packet(body_of(frame));
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload.empty());
  EXPECT_TRUE(packet_is_intact(*packet));
}

TEST(Packet, a_length_that_is_not_the_payloads_is_refused) {
  const auto frame = packet_frame("ownload ");
  const auto body = body_of(frame);
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode_packet(body.first(size))) << size;
  }
  std::vector<std::byte> longer(body.begin(), body.end());
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode_packet(longer));
}

TEST(Packet, every_flipped_bit_is_noticed) {
  const auto frame = packet_frame("ownload ");
  const auto intact = body_of(frame);
  for (std::size_t bit = 0; bit < intact.size() * 8; ++bit) {
    std::vector<std::byte> body(intact.begin(), intact.end());
    body[bit / 8] ^= std::byte{1} << (bit % 8);
    const auto packet = decode_packet(body);
    EXPECT_FALSE(packet && packet_is_intact(*packet)) << "bit " << bit;
  }
}

TEST(Packet, the_largest_packet_fits_its_frames_bound) {
  const std::string payload(kMaxPacketBytes, 'x');
  const auto frame = packet_frame(payload);
  ASSERT_TRUE(parse_frame(frame).frame);
  EXPECT_TRUE(packet_is_intact(decode_packet(body_of(frame)).value()));
}

}  // namespace
}  // namespace dlab::wire
