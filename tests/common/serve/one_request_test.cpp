// Sessions of a server that answers one request a connection.

#include "tests/common/serve/session_fixture.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::serve {
namespace {

using namespace std::chrono_literals;
using wire::ErrorCode;
using wire::Get;

class OneRequest : public test::SessionTest {
 protected:
  OneRequest() { limits_.one_request = true; }

  // The server has said all: it reads away what still comes, and not for long.
  void expect_the_end() {
    expect_receive(2s);
    ask(Get{.name = "f"});
    EXPECT_EQ(next().kind, Kind::receive) << "a second request is not answered";
    now_ += 2s;
    EXPECT_EQ(next().kind, Kind::close);
    EXPECT_EQ(logged("\n"), 1) << "one line a request";
  }

  std::string path_ = folder_.write("f", "0123456789");
};

TEST_F(OneRequest, a_file_ends_the_connection) {
  start();
  ask(Get{.offset = 2, .length = 5, .name = "f"});
  EXPECT_EQ(body_in(answer()), "23456");
  expect_the_end();
}

TEST_F(OneRequest, a_refusal_ends_the_connection) {
  start();
  ask(Get{.name = "none"});
  EXPECT_EQ(error_in(answer()), ErrorCode::not_found);
  expect_the_end();
}

TEST_F(OneRequest, a_list_ends_the_connection) {
  start();
  ask(wire::ListRequest{});
  auto sent = answer();
  EXPECT_EQ(take_frame(sent).type, wire::MessageType::listing);
  expect_the_end();
}

TEST_F(OneRequest, an_answer_may_be_read_as_slowly_as_any) {
  start();
  for (const bool list : {true, false}) {
    if (list) {
      ask(wire::ListRequest{});
    } else {
      ask(Get{.name = "none"});
    }
    const Step step = next();
    EXPECT_EQ(step.kind, Kind::send);
    EXPECT_EQ(step.until, now_ + limits_.stall_timeout);
    answer();
    start();
  }
}

TEST_F(OneRequest, a_digest_ends_the_connection_when_it_has_come) {
  start();
  ask(wire::DigestRequest{.name = "f"});
  std::string sent;
  test::until([&] { return !(sent += answer()).empty(); });
  EXPECT_EQ(take_frame(sent).type, wire::MessageType::file_digest);
  expect_the_end();
}

TEST_F(OneRequest, requests_that_come_together_get_one_answer) {
  start();
  auto input = wire::encode(Get{.name = "f"});
  input.insert(input.end(), input.begin(), input.end());
  say(input);
  EXPECT_EQ(body_in(answer()), "0123456789");
  expect_the_end();
}

TEST_F(OneRequest, in_http_the_answer_says_that_the_connection_ends) {
  start();
  say("GET /f HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(answer().ends_with("Connection: close\r\n\r\n0123456789"));
  expect_the_end();
}

TEST_F(OneRequest, the_reader_of_a_file_may_be_as_slow_as_any) {
  start();
  ask(Get{.name = "f"});
  EXPECT_EQ(next().until - now_, limits_.stall_timeout);
}

}  // namespace
}  // namespace dlab::serve
