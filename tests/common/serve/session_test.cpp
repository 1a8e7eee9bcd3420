#include "common/serve/session.hpp"

#include "tests/common/serve/session_fixture.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::serve {
namespace {

using namespace std::chrono_literals;
using wire::ErrorCode;
using wire::Get;

class Sessions : public test::SessionTest {};

TEST_F(Sessions, a_get_is_answered_with_a_header_and_the_range_of_the_file) {
  folder_.write("f", "0123456789");
  start();
  ask(Get{.offset = 2, .length = 5, .name = "f"});
  const auto step = next();
  EXPECT_EQ(step.kind, Kind::send);
  EXPECT_FALSE(step.head.empty());
  EXPECT_EQ(step.range, (storage::ByteRange{2, 7}));
  EXPECT_EQ(body_in(carry_out(step)), "23456");
  EXPECT_EQ(next().kind, Kind::receive);
  EXPECT_EQ(logged("request=GET client=10.0.0.7:4000 name=f offset=2 length=5 sent=5"), 1);
  EXPECT_EQ(logged("status=ok"), 1);
}

TEST_F(Sessions, what_goes_out_in_pieces_goes_on_where_it_stopped) {
  folder_.write("f", "0123456789");
  start();
  ask(Get{.name = "f"});
  std::string sent;
  for (auto step = next(); step.kind == Kind::send; step = next()) {
    sent += carry_out(step, 3);
  }
  EXPECT_EQ(body_in(sent), "0123456789");
}

TEST_F(Sessions, requests_that_come_together_are_answered_in_turn) {
  folder_.write("f", "abc");
  start();
  auto input = wire::encode(Get{.name = "f"});
  for (const auto& more : {wire::encode(Get{.name = "none"}), wire::encode(Get{.name = "f"})}) {
    input.insert(input.end(), more.begin(), more.end());
  }
  say(input);
  auto sent = answer();
  EXPECT_EQ(take_frame(sent).type, wire::MessageType::file);
  EXPECT_EQ(sent.substr(0, 3), "abc");
  sent.erase(0, 3);
  EXPECT_EQ(take_frame(sent).type, wire::MessageType::error);
  EXPECT_EQ(body_in(sent), "abc");
}

TEST_F(Sessions, a_request_may_come_byte_by_byte) {
  folder_.write("f", "abc");
  start();
  for (const std::byte byte : wire::encode(Get{.name = "f"})) {
    EXPECT_EQ(next().kind, Kind::receive);
    say(std::span(&byte, 1));
  }
  EXPECT_EQ(body_in(answer()), "abc");
}

TEST_F(Sessions, an_unknown_type_is_refused_and_the_conversation_goes_on) {
  start();
  say(test::bytes("d1 4c 41 42 01 7f 00 00 00 00 00 00"));
  EXPECT_EQ(error_in(answer()), ErrorCode::unknown_type);
  EXPECT_EQ(next().kind, Kind::receive);
  EXPECT_EQ(logged("request=DLAB client=10.0.0.7:4000 name= offset=0 length=0 sent=0"), 1);
  EXPECT_EQ(logged("status=unknown-type\n"), 1);
}

TEST_F(Sessions, fields_that_make_no_sense_stand_in_the_log) {
  start();
  say(test::bytes("d1 4c 41 42 01 01 00 00 00 00 00 01 00"));
  EXPECT_EQ(error_in(answer()), ErrorCode::malformed);
  EXPECT_EQ(logged("request=GET client=10.0.0.7:4000 name= offset=0 length=0 sent=0"), 1);
  EXPECT_EQ(logged("status=malformed\n"), 1);
}

TEST_F(Sessions, what_is_no_frame_is_told_so_and_read_away_before_the_end) {
  start();
  say(test::bytes("16 03 01 02 00 01 00 01 fc 03 03 00"));
  EXPECT_EQ(error_in(answer()), ErrorCode::malformed);
  EXPECT_EQ(logged("request=DLAB client=10.0.0.7:4000 "), 1);
  EXPECT_EQ(logged("status=malformed\n"), 1);
  EXPECT_EQ(next().kind, Kind::receive);  // answer() took the step that ends the sending
  say(test::bytes("00 00 00"));
  EXPECT_EQ(next().kind, Kind::receive);
  say(std::span<const std::byte>());
  EXPECT_EQ(next().kind, Kind::close);
}

TEST_F(Sessions, sending_ends_before_a_refused_client_is_read_away) {
  start();
  say(test::bytes("16 03 01 02 00 01 00 01 fc 03 03 00"));
  carry_out(next());
  EXPECT_EQ(next().kind, Kind::end_sending);
  EXPECT_EQ(next().kind, Kind::receive);
}

TEST_F(Sessions, a_client_that_leaves_between_or_within_requests_is_closed) {
  for (const auto* const said : {"", "d1 4c 41"}) {
    start();
    if (const auto part = test::bytes(said); !part.empty()) {
      say(part);
    }
    EXPECT_EQ(next().kind, Kind::receive);
    say(std::span<const std::byte>());
    EXPECT_EQ(next().kind, Kind::close);
  }
  EXPECT_EQ(log_.str(), "");
}

TEST_F(Sessions, a_digest_comes_once_it_is_done) {
  folder_.write("f", "abc");
  start();
  ask(wire::DigestRequest{.name = "f"});
  test::until([this] { return next().kind == Kind::send; });
  auto sent = answer();
  EXPECT_EQ(take_frame(sent).type, wire::MessageType::file_digest);
  EXPECT_EQ(sent, "");
}

// Of so long a file that it is not done before the test is.
TEST_F(Sessions, a_digest_that_takes_long_gives_signs_of_life) {
  folder_.write("f", "");
  std::filesystem::resize_file(folder_ / "f", std::uintmax_t{1} << 40U);
  start();
  ask(wire::DigestRequest{.name = "f"});
  base::Duration longest{0};
  for (int signs = 0; signs < 3;) {
    const auto step = next();
    if (step.kind == Kind::wait) {
      longest = std::max<base::Duration>(longest, step.until - now_);
      now_ = step.until;
      continue;
    }
    auto sent = carry_out(step);
    EXPECT_EQ(take_frame(sent).type, wire::MessageType::working);
    ++signs;
    EXPECT_GE(now_ - base::TimePoint(1h), signs * kSignOfLife);
    EXPECT_LT(now_ - base::TimePoint(1h), signs * kSignOfLife + 20ms * signs);
  }
  EXPECT_EQ(longest, 10ms);
}

TEST_F(Sessions, one_that_is_too_many_is_told_so_in_our_protocol) {
  start().refuse("2 clients at most");
  expect_receive(2s);
  ask(Get{.name = "f"});
  auto sent = answer();
  const auto error = wire::decode<wire::Error>(take_frame(sent).body);
  EXPECT_EQ(error, (wire::Error{ErrorCode::busy, "2 clients at most"}));
  EXPECT_EQ(logged("request=DLAB client=10.0.0.7:4000 "), 1);
  EXPECT_EQ(logged("status=busy\n"), 1);
}

TEST_F(Sessions, one_that_is_too_many_is_given_no_work) {
  limits_.service_time = 1h;
  start().refuse("2 clients at most");
  ask(Get{.name = "f"});
  EXPECT_EQ(error_in(answer()), ErrorCode::busy);
}

TEST_F(Sessions, one_that_is_too_many_is_told_so_in_http) {
  start().refuse("2 clients at most");
  say("GET /f HTTP/1.1\r\nHost: here\r\n\r\n");
  const auto sent = answer();
  EXPECT_TRUE(sent.starts_with("HTTP/1.1 503 ")) << sent;
  EXPECT_EQ(logged("request=HTTP client=10.0.0.7:4000 "), 1);
  EXPECT_EQ(logged("status=503\n"), 1);
  EXPECT_EQ(next().kind, Kind::receive);
}

TEST_F(Sessions, one_that_is_too_many_and_asks_nothing_is_told_so_in_the_end) {
  start().refuse("2 clients at most");
  now_ = next().until;
  session_->timed_out(now_);
  EXPECT_EQ(error_in(answer()), ErrorCode::busy);
}

TEST_F(Sessions, a_file_that_became_shorter_ends_the_connection) {
  folder_.write("f", "0123456789");
  start();
  ask(Get{.name = "f"});
  carry_out(next(), 80);
  session_->file_ended();
  EXPECT_EQ(next().kind, Kind::close);
  EXPECT_EQ(logged("status=file-truncated"), 1);
}

TEST_F(Sessions, a_body_that_is_broken_off_is_logged_once) {
  folder_.write("f", "0123456789");
  start();
  ask(Get{.name = "f"});
  const auto step = next();
  carry_out(step, step.head.size() + 4);
  session_->broken_off();
  session_->broken_off();
  session_.reset();
  EXPECT_EQ(logged("sent=4"), 1);
  EXPECT_EQ(logged("status=client-left"), 1);
  EXPECT_EQ(logged("\n"), 1);
}

}  // namespace
}  // namespace dlab::serve
