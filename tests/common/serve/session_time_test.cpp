// What a session does with time, all of it invented.

#include "common/serve/session.hpp"
#include "tests/common/serve/session_fixture.hpp"

namespace dlab::serve {
namespace {

using namespace std::chrono_literals;
using wire::ErrorCode;
using wire::Get;

class SessionTimes : public test::SessionTest {
 protected:
  SessionTimes() {
    limits_.request_timeout = 10s;
    limits_.stall_timeout = 30s;
    folder_.write("f", "0123456789");
  }
};

TEST_F(SessionTimes, a_client_that_says_nothing_has_the_stall_timeout) {
  start();
  expect_receive(30s);
  now_ += 30s;
  session_->timed_out(now_);
  EXPECT_EQ(next().kind, Kind::close);
}

TEST_F(SessionTimes, after_an_answer_the_stall_timeout_begins_anew) {
  start();
  now_ += 25s;
  ask(Get{.name = "f"});
  now_ += 25s;
  answer();
  expect_receive(30s);
}

TEST_F(SessionTimes, a_request_that_trickles_in_has_one_deadline_from_its_first_byte) {
  start();
  now_ += 29s;
  const auto request = wire::encode(Get{.name = "f"});
  for (int i = 0; i < 10; ++i) {
    say(std::span(request).subspan(static_cast<std::size_t>(i), 1));
    expect_receive(10s - i * 1s);
    now_ += 1s;
  }
  EXPECT_EQ(error_in(answer()), ErrorCode::timed_out);  // though each byte was in time
}

TEST_F(SessionTimes, a_request_of_http_that_does_not_end_is_told_so) {
  start();
  say("GET /f HTT");
  expect_receive(10s);
  now_ += 10s;
  session_->timed_out(now_);
  EXPECT_TRUE(answer().starts_with("HTTP/1.1 408 "));
}

TEST_F(SessionTimes, a_refused_client_that_goes_on_sending_is_read_for_two_seconds) {
  start();
  say(test::bytes("16 03 01 02 00 01 00 01 fc 03 03 00"));
  answer();
  for (int i = 0; i < 4; ++i) {
    expect_receive(2s - i * 500ms);
    say(test::bytes("00"));
    now_ += 500ms;
  }
  EXPECT_EQ(next().kind, Kind::close);
}

TEST_F(SessionTimes, a_refused_client_that_does_not_even_read_has_two_seconds_too) {
  start();
  say(test::bytes("16 03 01 02 00 01 00 01 fc 03 03 00"));
  EXPECT_EQ(next().until - now_, 2s);
}

TEST_F(SessionTimes, a_body_may_take_long_but_not_stand_still) {
  start();
  ask(Get{.name = "f"});
  for (int i = 0; i < 5; ++i) {
    const auto step = next();
    EXPECT_EQ(step.until - now_, 30s);
    carry_out(step, 1);
    now_ += 29s;
    EXPECT_EQ(next().until - now_, 1s);
    carry_out(next(), 1);
  }
  now_ += 30s;
  session_->timed_out(now_);
  EXPECT_EQ(next().kind, Kind::close);
  EXPECT_EQ(logged("status=stalled"), 1);
}

TEST_F(SessionTimes, work_is_done_before_the_answer) {
  limits_.service_time = 3s;
  start();
  ask(Get{.name = "f"});
  const auto step = next();
  EXPECT_EQ(step.kind, Kind::wait);
  EXPECT_EQ(step.until - now_, 3s);
  now_ += 2s;
  EXPECT_EQ(next().until - now_, 1s);
  now_ += 1s;
  EXPECT_EQ(body_in(answer()), "0123456789");
}

TEST_F(SessionTimes, work_may_be_done_for_some_requests_only) {
  limits_.service_time = 3s;
  limits_.service_every = 2;
  start();
  for (const auto expected : {Kind::send, Kind::wait, Kind::send, Kind::wait}) {
    ask(Get{.name = "f"});
    EXPECT_EQ(next().kind, expected);
    now_ += expected == Kind::wait ? 3s : 0s;
    EXPECT_EQ(body_in(answer()), "0123456789");
  }
}

// 200 bytes a millisecond, in turns of 1024.
TEST_F(SessionTimes, a_limit_spaces_the_bytes_out) {
  folder_.write("g", std::string(20'000, 'x'));
  start(base::BitRate{1.6e6});
  ask(Get{.name = "g"});
  const auto began = now_;
  auto step = next();
  EXPECT_EQ(step.range.size(), 1024U);
  for (; step.kind != Kind::receive; step = next()) {
    if (step.kind == Kind::wait) {
      EXPECT_GT(step.until, now_);
      now_ = step.until;
    } else {
      carry_out(step);
    }
  }
  EXPECT_EQ(logged("sent=20000"), 1);
  // The last turn, of 544 bytes, leaves when the 19,456 before it have had their time.
  EXPECT_EQ(std::chrono::round<std::chrono::microseconds>(now_ - began), 97'280us);
}

TEST_F(SessionTimes, a_limit_does_not_hold_up_errors) {
  start(base::BitRate{8});
  for (int i = 0; i < 3; ++i) {
    ask(Get{.name = "none"});
    EXPECT_EQ(error_in(answer()), ErrorCode::not_found);
  }
}

}  // namespace
}  // namespace dlab::serve
