#include <gtest/gtest.h>

#include "common/serve/session.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::serve {
namespace {

constexpr std::string_view kAsk = "GET /digits HTTP/1.1\r\nHost: h\r\n\r\n";
constexpr std::string_view kAskLast = "GET /digits HTTP/1.0\r\n\r\n";
constexpr base::TimePoint kNow{std::chrono::seconds(100)};

// A session that is told in HTTP what to do. Its clock stands still.
class HttpSessions : public testing::Test {
 protected:
  void receive(std::string_view text) { session_.received(test::raw(text), kNow); }

  // What it wants to send next, head and body, as if it had been.
  std::string next_sent() {
    const auto step = session_.next(kNow);
    EXPECT_EQ(step.kind, Step::Kind::send);
    std::string sent = test::text(step.head);
    if (!step.range.empty()) {
      sent += content_.substr(step.range.begin, step.range.size());
    }
    session_.sent(sent.size(), kNow);
    return sent;
  }
  Step::Kind next_kind() { return session_.next(kNow).kind; }

  std::string content_ = "0123456789";
  test::TempFolder folder_;
  std::string path_ = folder_.write("digits", content_);
  FileService files_{folder_.path(), nullptr};
  net::ServiceLimits limits_;
  Session session_{files_, limits_, std::nullopt, "client", "cubic", kNow};
};

TEST_F(HttpSessions, a_request_in_two_pieces_and_one_behind_it_are_answered_in_turn) {
  receive(kAsk.substr(0, 10));
  EXPECT_EQ(next_kind(), Step::Kind::receive);
  receive(std::string(kAsk.substr(10)) + std::string(kAsk));
  for (int answers = 0; answers < 2; ++answers) {
    const auto sent = next_sent();
    EXPECT_TRUE(sent.starts_with("HTTP/1.1 200 OK\r\n")) << sent;
    EXPECT_TRUE(sent.ends_with("\r\n\r\n0123456789")) << sent;
  }
  EXPECT_EQ(next_kind(), Step::Kind::receive);
}

TEST_F(HttpSessions, the_last_answer_ends_the_sending_and_what_follows_is_thrown_away) {
  receive(std::string(kAskLast) + std::string(kAsk));
  EXPECT_TRUE(next_sent().ends_with("Connection: close\r\n\r\n0123456789"));
  EXPECT_EQ(next_kind(), Step::Kind::end_sending);
  receive(kAsk);
  EXPECT_EQ(next_kind(), Step::Kind::receive);
  session_.received({}, kNow);
  EXPECT_EQ(next_kind(), Step::Kind::close);
}

TEST_F(HttpSessions, an_empty_line_is_the_beginning_of_a_request) {
  receive("\r");
  EXPECT_EQ(next_kind(), Step::Kind::receive);
  receive("\n\r\n" + std::string(kAsk));
  EXPECT_TRUE(next_sent().starts_with("HTTP/1.1 200 OK\r\n"));
  EXPECT_EQ(next_kind(), Step::Kind::receive);
}

// Clients of HTTP/1.0 were cut off after the 2 s that one who is refused has.
TEST_F(HttpSessions, the_reader_of_a_last_file_may_be_as_slow_as_any) {
  receive(kAskLast);
  EXPECT_EQ(session_.next(kNow).until, kNow + limits_.stall_timeout);
}

TEST_F(HttpSessions, who_is_refused_and_does_not_read_is_held_shortly) {
  receive("GET / HTTP/1.1\n");
  EXPECT_EQ(session_.next(kNow).until, kNow + std::chrono::seconds(2));
  EXPECT_TRUE(next_sent().starts_with("HTTP/1.1 400 Bad Request\r\n"));
  EXPECT_EQ(next_kind(), Step::Kind::end_sending);
}

}  // namespace
}  // namespace dlab::serve
