#include "bench/load/conversation.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "tests/bench/load/bytes.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::load {
namespace {

using namespace std::chrono_literals;

// A conversation that is driven by hand; the clock is a number of milliseconds.
class ConversationTest : public ::testing::Test {
 protected:
  static base::TimePoint at(int ms) { return base::TimePoint(std::chrono::milliseconds(ms)); }

  void ask(Conversation& conversation, std::uint64_t index, int ms) const {
    conversation.ask({.index = index, .intended = at(ms), .sent = at(ms)}, "request");
  }
  void receive(Conversation& conversation, std::string_view bytes, int ms) {
    conversation.receive(test::raw(bytes), at(ms), listener());
  }
  void end(Conversation& conversation, const std::string& error, int ms) {
    conversation.end(at(ms), error, listener());
  }
  Conversation::Listener listener() {
    return [this](const Outcome& outcome) {
      outcomes_.push_back(outcome);
    };
  }

  std::vector<Outcome> outcomes_;
};

TEST_F(ConversationTest, answers_belong_to_requests_in_their_order) {
  Conversation conversation({.pipeline = 3});
  ask(conversation, 10, 0);
  ask(conversation, 11, 1);
  EXPECT_EQ(conversation.output(), "requestrequest");
  receive(conversation, file_answer("abc") + file_answer("de"), 5);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[0].request.index, 10U);
  EXPECT_EQ(outcomes_[0].bytes, 3U);
  EXPECT_EQ(outcomes_[1].request.index, 11U);
  EXPECT_EQ(outcomes_[1].bytes, 2U);
  EXPECT_FALSE(conversation.over());
}

TEST_F(ConversationTest, first_and_last_byte_have_their_times) {
  Conversation conversation({});
  ask(conversation, 1, 0);
  const auto answer = file_answer("abc");
  receive(conversation, answer.substr(0, 5), 10);
  receive(conversation, answer.substr(5), 30);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].request.first_byte, at(10));
  EXPECT_EQ(outcomes_[0].done, at(30));
}

TEST_F(ConversationTest, no_more_is_asked_than_may_be_under_way) {
  Conversation conversation({.pipeline = 2});
  ask(conversation, 1, 0);
  EXPECT_TRUE(conversation.can_ask());
  ask(conversation, 2, 0);
  EXPECT_FALSE(conversation.can_ask());
  receive(conversation, file_answer("a"), 1);
  EXPECT_TRUE(conversation.can_ask());
}

TEST_F(ConversationTest, after_its_requests_a_connection_is_over) {
  Conversation conversation({.requests_per_connection = 2});
  ask(conversation, 1, 0);
  EXPECT_TRUE(conversation.next_is_last());
  receive(conversation, file_answer("a"), 1);
  EXPECT_FALSE(conversation.over());
  ask(conversation, 2, 2);
  EXPECT_FALSE(conversation.over());
  receive(conversation, file_answer("a"), 3);
  EXPECT_TRUE(conversation.over());
  EXPECT_FALSE(conversation.can_ask());
}

TEST_F(ConversationTest, what_was_sent_is_sent_once) {
  Conversation conversation({.pipeline = 2});
  ask(conversation, 1, 0);
  conversation.sent(3);
  EXPECT_EQ(conversation.output(), "uest");
  ask(conversation, 2, 0);
  EXPECT_EQ(conversation.output(), "uestrequest");
  conversation.sent(11);
  EXPECT_EQ(conversation.output(), "");
}

TEST_F(ConversationTest, the_end_fails_what_is_under_way) {
  Conversation conversation({.pipeline = 3});
  ask(conversation, 1, 0);
  ask(conversation, 2, 0);
  receive(conversation, file_answer("a").substr(0, 20), 1);
  end(conversation, "cut", 9);
  ASSERT_EQ(outcomes_.size(), 2U);
  for (const auto& outcome : outcomes_) {
    EXPECT_EQ(outcome.error, "cut");
    EXPECT_EQ(outcome.done, at(9));
  }
  EXPECT_TRUE(conversation.over());
}

TEST_F(ConversationTest, a_refusal_leaves_the_connection_usable) {
  Conversation conversation({});
  ask(conversation, 1, 0);
  receive(conversation, error_answer(wire::ErrorCode::not_found), 1);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].error, "not-found");
  EXPECT_TRUE(conversation.can_ask());
}

TEST_F(ConversationTest, the_last_answer_ends_it_for_the_requests_behind) {
  Conversation conversation({.protocol = Protocol::http, .pipeline = 3});
  ask(conversation, 1, 0);
  ask(conversation, 2, 0);
  receive(conversation, http_answer("200 OK", "a", "Connection: close\r\n") + "rest", 1);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_TRUE(conversation.over());
  EXPECT_FALSE(conversation.can_ask());
  end(conversation, "cut", 2);
  ASSERT_EQ(outcomes_.size(), 2U);
  EXPECT_EQ(outcomes_[1].error, "cut");
}

TEST_F(ConversationTest, an_answer_to_nothing_ends_it) {
  Conversation conversation({});
  receive(conversation, error_answer(wire::ErrorCode::busy), 1);
  EXPECT_TRUE(outcomes_.empty());
  EXPECT_TRUE(conversation.over());
}

TEST_F(ConversationTest, an_answer_may_end_with_the_connection) {
  Conversation conversation({.protocol = Protocol::http});
  ask(conversation, 1, 0);
  receive(conversation, "HTTP/1.0 200 OK\r\n\r\nabc", 1);
  end(conversation, "cut", 2);
  ASSERT_EQ(outcomes_.size(), 1U);
  EXPECT_EQ(outcomes_[0].error, "");
  EXPECT_EQ(outcomes_[0].bytes, 3U);
}

}  // namespace
}  // namespace dlab::load
