// Holds the worked example of docs/protocol.md to the code.

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "common/wire/codec.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::wire {
namespace {

// One turn of the exchange: who sends, and what.
struct Turn {
  std::string sender;
  std::vector<std::byte> bytes;
};

// Lines such as "client  d1 4c 41  Get": a sender or blanks, bytes, and a remark behind two blanks.
std::vector<Turn> worked_example() {
  std::ifstream page(DLAB_SOURCE_DIR "/docs/protocol.md");
  std::vector<Turn> turns;
  std::string line;
  while (std::getline(page, line)) {
    const bool starts = line.starts_with("client  d1") || line.starts_with("server  d1") ||
                        line.starts_with("raw     ");
    const bool goes_on = line.starts_with("        ") && !turns.empty();
    if (starts) {
      turns.push_back({line.substr(0, line.find(' ')), {}});
    }
    if (starts || goes_on) {
      const auto more = test::bytes(std::string_view(line).substr(8, line.find("  ", 8) - 8));
      turns.back().bytes.insert(turns.back().bytes.end(), more.begin(), more.end());
    }
  }
  return turns;
}

template <typename Message>
Message message_of(const Turn& turn) {
  const auto parsed = parse_frame(turn.bytes);
  EXPECT_EQ(parsed.bytes, turn.bytes.size());
  EXPECT_TRUE(parsed.frame);
  EXPECT_EQ(parsed.frame->type, Message::kType);
  const auto message = decode<Message>(parsed.frame->body);
  EXPECT_TRUE(message);
  // The other way round as well: a client built from the page sends just these bytes.
  EXPECT_EQ(test::hex(encode(*message)), test::hex(turn.bytes));
  return *message;
}

class ProtocolPage : public testing::Test {
 protected:
  void SetUp() override {
    turns_ = worked_example();
    ASSERT_EQ(turns_.size(), 10U);
  }
  std::vector<Turn> turns_;
};

TEST_F(ProtocolPage, the_example_of_a_range_parses) {
  const auto get = message_of<Get>(turns_[0]);
  EXPECT_EQ(get, (Get{.offset = 7, .length = 8, .name = "hello.txt"}));
  const auto file = message_of<File>(turns_[1]);
  EXPECT_EQ(file.size, 21U);
  EXPECT_EQ(file.length, turns_[2].bytes.size());
  EXPECT_EQ(turns_[2].sender, "raw");
  EXPECT_EQ(test::text(turns_[2].bytes), "Download");
}

TEST_F(ProtocolPage, the_example_of_a_digest_parses) {
  const auto version = message_of<File>(turns_[1]).version;
  EXPECT_EQ(message_of<DigestRequest>(turns_[3]),
            (DigestRequest{.version = version, .name = "hello.txt"}));
  const auto digest = message_of<FileDigest>(turns_[4]);
  EXPECT_EQ(digest.version, version);
  EXPECT_EQ(digest.size, 21U);
}

TEST_F(ProtocolPage, the_examples_of_an_error_and_a_list_parse) {
  EXPECT_EQ(message_of<Get>(turns_[5]), (Get{.name = "no-such"}));
  EXPECT_EQ(message_of<Error>(turns_[6]), (Error{ErrorCode::not_found, "no such file"}));
  message_of<ListRequest>(turns_[7]);
  EXPECT_EQ(message_of<Listing>(turns_[8]), (Listing{true, {{21, "hello.txt"}}}));
}

TEST_F(ProtocolPage, the_example_of_a_packet_is_intact) {
  const auto parsed = parse_frame(turns_[9].bytes);
  ASSERT_TRUE(parsed.frame);
  const auto packet = decode_packet(parsed.frame->body);
  ASSERT_TRUE(packet);
  EXPECT_EQ(test::text(packet->payload), "Hello, D");
  EXPECT_TRUE(packet_is_intact(*packet));
}

}  // namespace
}  // namespace dlab::wire
