#include "common/wire/codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

// The message's frame is exactly `expected`, is read back, and nothing shorter or longer is.
template <typename Message>
void expect_pinned(const Message& message, const std::string& expected) {
  const auto frame = encode(message);
  EXPECT_EQ(test::hex(frame), test::hex(test::bytes(expected)));
  const auto parsed = parse_frame(frame);
  ASSERT_TRUE(parsed.frame);
  EXPECT_EQ(parsed.frame->type, Message::kType);
  const auto body = parsed.frame->body;
  EXPECT_EQ(decode<Message>(body), message);
  for (std::size_t size = 0; size < body.size(); ++size) {
    EXPECT_FALSE(decode<Message>(body.first(size))) << "cut to " << size << " bytes";
  }
  std::vector<std::byte> longer(body.begin(), body.end());
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode<Message>(longer)) << "a byte is left over";
}

// What a frame that was made by encode() holds.
template <typename Message>
std::optional<Message> decode_frame(const std::vector<std::byte>& frame) {
  return decode<Message>(std::span(frame).subspan(kHeaderBytes));
}

// The body of `message` once the bytes from `offset` on are those of `change`.
template <typename Message>
std::optional<Message> decode_changed(const Message& message, std::size_t offset,
                                      std::string_view change) {
  auto frame = encode(message);
  std::ranges::copy(test::bytes(change),
                    frame.begin() + static_cast<std::ptrdiff_t>(kHeaderBytes + offset));
  return decode_frame<Message>(frame);
}

TEST(Codec, get_is_pinned) {
  expect_pinned(
      Get{.offset = 7, .length = 8, .version = 0x1122334455667788, .share = 5, .name = "a.jpg"},
      "d1 4c 41 42 01 01 00 00 00 00 00 21"
      "00 00 00 00 00 00 00 07  00 00 00 00 00 00 00 08  11 22 33 44 55 66 77 88"
      "00 05  00 05 61 2e 6a 70 67");
}

TEST(Codec, a_default_get_asks_for_the_whole_of_whatever_is_there) {
  expect_pinned(Get{.name = "x"},
                "d1 4c 41 42 01 01 00 00 00 00 00 1d"
                "00 00 00 00 00 00 00 00  ff ff ff ff ff ff ff ff  00 00 00 00 00 00 00 00"
                "00 01  00 01 78");
}

TEST(Codec, get_packets_is_pinned) {
  expect_pinned(GetPackets{.offset = 0x2800,
                           .length = 0x5000,
                           .version = 3,
                           .seed = 4,
                           .packet_bytes = 0x400,
                           .window_packets = 0x100,
                           .order = PacketOrder::shuffled,
                           .name = "ab"},
                "d1 4c 41 42 01 02 00 00 00 00 00 2d"
                "00 00 00 00 00 00 28 00  00 00 00 00 00 00 50 00  00 00 00 00 00 00 00 03"
                "00 00 00 00 00 00 00 04  00 00 04 00  00 00 01 00  02  00 02 61 62");
}

TEST(Codec, packet_orders_are_pinned) {
  constexpr std::size_t kOrder = 40;
  for (const auto& [order, byte] : {std::pair(PacketOrder::sequential, 0),
                                    {PacketOrder::reversed, 1},
                                    {PacketOrder::shuffled, 2}}) {
    const auto frame = encode(GetPackets{.order = order});
    EXPECT_EQ(std::to_integer<int>(frame.at(kHeaderBytes + kOrder)), byte);
  }
}

TEST(Codec, digest_request_is_pinned) {
  expect_pinned(DigestRequest{.version = 0xff, .name = "ab"},
                "d1 4c 41 42 01 03 00 00 00 00 00 0c  00 00 00 00 00 00 00 ff  00 02 61 62");
}

TEST(Codec, list_request_is_pinned) {
  expect_pinned(ListRequest{}, "d1 4c 41 42 01 04 00 00 00 00 00 00");
}

TEST(Codec, file_is_pinned) {
  expect_pinned(
      File{.size = 0x100, .version = 2, .offset = 3, .length = 4, .sent_ns = 5, .name = "ab"},
      "d1 4c 41 42 01 81 00 00 00 00 00 2c"
      "00 00 00 00 00 00 01 00  00 00 00 00 00 00 00 02  00 00 00 00 00 00 00 03"
      "00 00 00 00 00 00 00 04  00 00 00 00 00 00 00 05  00 02 61 62");
}

TEST(Codec, mark_is_pinned) {
  expect_pinned(Mark{.next_sequence = 0x0102030405060708},
                "d1 4c 41 42 01 83 00 00 00 00 00 08  01 02 03 04 05 06 07 08");
}

TEST(Codec, file_digest_is_pinned) {
  FileDigest digest{.version = 1, .size = 2};
  for (std::size_t i = 0; i < digest.sha256.size(); ++i) {
    digest.sha256[i] = static_cast<std::byte>(i);
  }
  expect_pinned(digest,
                "d1 4c 41 42 01 84 00 00 00 00 00 30  00 00 00 00 00 00 00 01"
                "00 00 00 00 00 00 00 02  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f"
                "10 11 12 13 14 15 16 17 18 19 1a 1b 1c 1d 1e 1f");
}

TEST(Codec, working_is_pinned) {
  expect_pinned(Working{.done = 1, .total = 0x200},
                "d1 4c 41 42 01 85 00 00 00 00 00 10"
                "00 00 00 00 00 00 00 01  00 00 00 00 00 00 02 00");
}

TEST(Codec, listing_is_pinned) {
  expect_pinned(Listing{.complete = false, .entries = {{.size = 1, .name = "a"}, {2, "bc"}}},
                "d1 4c 41 42 01 86 00 00 00 00 00 1a  00  00 02"
                "00 00 00 00 00 00 00 01  00 01 61  00 00 00 00 00 00 00 02  00 02 62 63");
}

TEST(Codec, an_empty_listing_is_pinned) {
  expect_pinned(Listing{}, "d1 4c 41 42 01 86 00 00 00 00 00 03  01  00 00");
}

TEST(Codec, error_is_pinned) {
  expect_pinned(Error{.code = ErrorCode::not_found, .message = "no"},
                "d1 4c 41 42 01 ff 00 00 00 00 00 06  00 01  00 02 6e 6f");
}

TEST(Codec, a_share_of_nothing_is_refused) {
  EXPECT_FALSE(decode_changed(Get{.name = "a"}, 24, "00 00"));
  EXPECT_TRUE(decode_changed(Get{.name = "a"}, 24, "ff ff"));
}

TEST(Codec, packet_sizes_and_windows_out_of_bounds_are_refused) {
  const GetPackets get{.name = "a"};
  EXPECT_FALSE(decode_changed(get, 32, "00 00 00 00"));
  EXPECT_TRUE(decode_changed(get, 32, "00 10 00 00"));
  EXPECT_FALSE(decode_changed(get, 32, "00 10 00 01"));
  EXPECT_FALSE(decode_changed(get, 36, "00 00 00 00"));
  EXPECT_TRUE(decode_changed(get, 36, "00 01 00 00"));
  EXPECT_FALSE(decode_changed(get, 36, "00 01 00 01"));
}

TEST(Codec, an_unknown_packet_order_is_refused) {
  EXPECT_TRUE(decode_changed(GetPackets{.name = "a"}, 40, "01"));
  EXPECT_FALSE(decode_changed(GetPackets{.name = "a"}, 40, "03"));
}

TEST(Codec, packets_that_do_not_begin_at_a_packet_are_refused) {
  EXPECT_FALSE(decode_changed(GetPackets{.name = "a"}, 0, "00 00 00 00 00 00 00 01"));
  EXPECT_TRUE(decode_changed(GetPackets{.name = "a"}, 0, "00 00 00 00 00 00 05 78"));
}

TEST(Codec, a_file_header_that_reaches_beyond_its_file_is_refused) {
  const File file{.size = 10, .version = 1, .offset = 4, .length = 6};
  EXPECT_TRUE(decode_changed(file, 24, "00 00 00 00 00 00 00 06"));
  EXPECT_FALSE(decode_changed(file, 24, "00 00 00 00 00 00 00 07"));
  EXPECT_FALSE(decode_changed(file, 24, "ff ff ff ff ff ff ff ff"));  // offset + length wraps
  EXPECT_FALSE(decode_changed(file, 16, "00 00 00 00 00 00 00 0b"));
}

TEST(Codec, a_file_of_2_to_the_63_bytes_is_refused) {
  EXPECT_TRUE(decode_changed(File{}, 0, "7f ff ff ff ff ff ff ff"));
  EXPECT_FALSE(decode_changed(File{}, 0, "80 00 00 00 00 00 00 00"));
}

TEST(Codec, more_done_than_there_is_to_do_is_refused) {
  EXPECT_FALSE(decode_changed(Working{.done = 0, .total = 1}, 0, "00 00 00 00 00 00 00 02"));
}

TEST(Codec, a_listing_that_promises_more_than_it_holds_is_refused) {
  EXPECT_FALSE(decode_changed(Listing{.entries = {{1, "a"}}}, 1, "ff ff"));
  EXPECT_FALSE(decode_changed(Listing{}, 0, "02"));
}

TEST(Codec, an_unknown_error_code_is_kept_and_has_a_name) {
  const auto error = decode_changed(Error{.message = "x"}, 0, "03 e7");
  ASSERT_TRUE(error);
  EXPECT_EQ(static_cast<int>(error->code), 999);
  EXPECT_STREQ(error_name(error->code), "unknown-error");
}

TEST(Codec, error_codes_are_pinned) {
  const std::vector<std::string> names = {"not-found", "not-a-file",   "forbidden",
                                          "bad-name",  "bad-range",    "version-changed",
                                          "malformed", "unknown-type", "unsupported-version",
                                          "busy",      "timed-out",    "internal"};
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(error_name(static_cast<ErrorCode>(i + 1)), names[i]) << "code " << i + 1;
  }
}

TEST(Codec, any_bytes_can_stand_in_a_name) {
  const Get get{.name = std::string("\0\xff/../\n", 7)};
  EXPECT_EQ(decode_frame<Get>(encode(get)), get);
}

TEST(Codec, an_errors_message_is_cut_to_what_the_page_promises) {
  const auto error =
      decode_frame<Error>(encode(Error{ErrorCode::internal, std::string(70'000, 'x')}));
  ASSERT_TRUE(error);
  EXPECT_EQ(error->message.size(), 1024U);
}

TEST(Codec, a_name_of_65535_bytes_round_trips_and_a_longer_one_is_cut) {
  const Get longest{.name = std::string(65'535, 'x')};
  EXPECT_EQ(decode_frame<Get>(encode(longest)), longest);
  const Get longer{.name = std::string(65'536, 'x')};
  EXPECT_EQ(encode(longer), encode(longest));
}

}  // namespace
}  // namespace dlab::wire
