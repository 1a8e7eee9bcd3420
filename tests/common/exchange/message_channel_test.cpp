#include "common/exchange/message_channel.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <system_error>
#include <thread>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::exchange {
namespace {

using namespace std::chrono_literals;

std::vector<std::byte> joined(std::initializer_list<std::vector<std::byte>> pieces) {
  std::vector<std::byte> all;
  for (const auto& piece : pieces) {
    for (const std::byte byte : piece) {
      all.push_back(byte);
    }
  }
  return all;
}

template <typename Message>
void expect_next(MessageChannel& channel, const Message& message) {
  const auto frame = channel.receive();
  ASSERT_TRUE(frame);
  ASSERT_EQ(frame->type, Message::kType);
  EXPECT_EQ(wire::decode<Message>(frame->body), message);
}

const wire::Mark kMark{.next_sequence = 7};
const wire::Error kError{wire::ErrorCode::busy, "no"};

TEST(MessageChannel, frames_split_at_any_byte_are_put_together) {
  const auto bytes = joined({wire::encode(kMark), wire::encode(kError)});
  for (std::size_t cut = 0; cut <= bytes.size(); ++cut) {
    test::StreamPair pair;
    const int receiving = pair.server.fd();
    MessageChannel channel(std::move(pair.server));
    const std::jthread sender([&] {
      pair.client.send_all(std::span(bytes).first(cut));
      test::until([&] { return test::waiting_bytes(receiving) == 0; });  // the first part was taken
      pair.client.send_all(std::span(bytes).subspan(cut));
    });
    expect_next(channel, kMark);
    expect_next(channel, kError);
    EXPECT_TRUE(channel.drained());
  }
}

TEST(MessageChannel, a_small_buffer_is_enough_for_a_large_frame) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server), 1);
  const wire::Get get{.name = std::string(60'000, 'x')};
  const std::jthread sender([&] {
    pair.client.send_all(wire::encode(kMark));
    pair.client.send_all(wire::encode(get));
    pair.client.send_all(wire::encode(kMark));
  });
  expect_next(channel, kMark);
  expect_next(channel, get);
  expect_next(channel, kMark);
}

TEST(MessageChannel, raw_bytes_follow_their_frame_and_the_next_frame_follows_them) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  pair.client.send_all(
      joined({wire::encode(kMark), test::bytes("61 62 63"), wire::encode(kError)}));
  expect_next(channel, kMark);
  std::vector<std::byte> two(2);
  ASSERT_EQ(channel.receive_raw(two), 2U);
  EXPECT_EQ(test::text(two), "ab");
  EXPECT_EQ(channel.receive_raw(std::span(two).first(1)), 1U);
  EXPECT_EQ(test::text(std::span(two).first(1)), "c");
  expect_next(channel, kError);
}

TEST(MessageChannel, a_peer_that_closes_between_two_frames_is_a_clean_end) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  pair.client.send_all(wire::encode(kMark));
  pair.client.shut_down_sending();
  expect_next(channel, kMark);
  EXPECT_FALSE(channel.receive());
}

TEST(MessageChannel, a_peer_that_closes_within_a_frame_has_cut_it_short) {
  const auto frame = wire::encode(kMark);
  for (std::size_t size = 1; size < frame.size(); ++size) {
    test::StreamPair pair;
    MessageChannel channel(std::move(pair.server));
    pair.client.send_all(std::span(frame).first(size));
    pair.client.shut_down_sending();
    EXPECT_THROW(channel.receive(), net::CutShort) << size;
  }
}

void expect_protocol_error(std::string_view input, wire::FrameError expected) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  pair.client.send_all(test::bytes(input));
  try {
    channel.receive();
    FAIL() << input;
  } catch (const ProtocolError& error) {
    EXPECT_EQ(error.frame(), expected) << input;
  }
}

TEST(MessageChannel, what_is_no_frame_is_told_without_waiting_for_more) {
  expect_protocol_error("47", wire::FrameError::bad_magic);
  expect_protocol_error("d1 4c 41 42 02 01 00 00 00 00 00 00", wire::FrameError::bad_version);
  expect_protocol_error("d1 4c 41 42 01 01 00 00 00 01 00 01", wire::FrameError::too_long);
}

TEST(ReceiveRequest, a_client_that_asks_nothing_is_idle_no_longer_than_allowed) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  try {
    channel.receive_request(10ms, test::kLong);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::timed_out);
  }
}

TEST(ReceiveRequest, a_request_begun_and_not_ended_passes_its_deadline) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  pair.client.send_all(test::bytes("d1 4c 41"));
  EXPECT_THROW(channel.receive_request(test::kLong, 10ms), RequestTimedOut);
}

// 65,548 bytes one by one: every single wait is short, the whole is not.
TEST(ReceiveRequest, a_request_that_trickles_in_passes_its_deadline) {
  test::StreamPair pair;
  const int receiving = pair.server.fd();
  MessageChannel channel(std::move(pair.server));
  std::atomic<bool> over = false;
  std::jthread sender([&] {
    std::vector<std::byte> frame(wire::kHeaderBytes + wire::kMaxOtherBody);
    wire::write_header(wire::MessageType::get, wire::kMaxOtherBody, frame);
    for (std::size_t i = 0; i < frame.size() && !over; ++i) {
      pair.client.send_all(std::span(frame).subspan(i, 1));
      test::until([&] { return over || test::waiting_bytes(receiving) == 0; });
    }
  });
  EXPECT_THROW(channel.receive_request(test::kLong, 10ms), RequestTimedOut);
  over = true;
}

TEST(ReceiveRequest, requests_that_came_together_are_handed_out_one_by_one) {
  test::StreamPair pair;
  MessageChannel channel(std::move(pair.server));
  pair.client.send_all(joined({wire::encode(kMark), wire::encode(kError)}));
  pair.client.shut_down_sending();
  EXPECT_EQ(channel.receive_request(test::kLong, test::kLong)->type, wire::MessageType::mark);
  EXPECT_EQ(channel.receive_request(test::kLong, test::kLong)->type, wire::MessageType::error);
  EXPECT_FALSE(channel.receive_request(test::kLong, test::kLong));
}

}  // namespace
}  // namespace dlab::exchange
