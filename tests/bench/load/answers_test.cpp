#include "bench/load/answers.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/bench/load/bytes.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::load {
namespace {

// The answers in `input`, which comes in pieces of `piece` bytes, up to the last one.
std::vector<Answer> answers_in(Protocol protocol, std::string_view input, std::size_t piece) {
  const auto reader = make_reader(protocol);
  std::vector<Answer> answers;
  while (!input.empty()) {
    auto part = test::raw(input.substr(0, piece));
    input.remove_prefix(part.size());
    while (!part.empty()) {
      if (auto answer = reader->read(part)) {
        answers.push_back(std::move(*answer));
        if (answers.back().last) {
          return answers;
        }
      }
    }
  }
  return answers;
}

void expect_answers(Protocol protocol, const std::string& input,
                    const std::vector<std::uint64_t>& body_bytes) {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{3}, std::size_t{16}, input.size()}) {
    SCOPED_TRACE(piece);
    const auto answers = answers_in(protocol, input, piece);
    ASSERT_EQ(answers.size(), body_bytes.size());
    for (std::size_t i = 0; i < answers.size(); ++i) {
      EXPECT_EQ(answers[i].body_bytes, body_bytes[i]);
      EXPECT_EQ(answers[i].error, "");
      EXPECT_FALSE(answers[i].last);
    }
  }
}

Answer only_answer(Protocol protocol, const std::string& input) {
  const auto answers = answers_in(protocol, input, input.size());
  EXPECT_EQ(answers.size(), 1U);
  return answers.empty() ? Answer{} : answers.front();
}

TEST(Answers, ours_are_told_apart_wherever_they_are_cut) {
  expect_answers(Protocol::dlab, file_answer("abc") + file_answer("") + file_answer("defgh"),
                 {3, 0, 5});
}

TEST(Answers, those_of_http_too) {
  expect_answers(Protocol::http,
                 http_answer("200 OK", "abc") + http_answer("200 OK", "") +
                     http_answer("206 Partial Content", "defgh", "ETag: \"1\"\r\n"),
                 {3, 0, 5});
}

TEST(Answers, a_refusal_is_told_by_its_name) {
  const auto missing = only_answer(Protocol::dlab, error_answer(wire::ErrorCode::not_found));
  EXPECT_EQ(missing.error, "not-found");
  EXPECT_FALSE(missing.last);
  const auto busy = only_answer(Protocol::dlab, error_answer(wire::ErrorCode::busy));
  EXPECT_EQ(busy.error, "busy");
  EXPECT_TRUE(busy.last);
}

TEST(Answers, a_status_that_is_no_success_is_an_error) {
  const auto missing = only_answer(Protocol::http, http_answer("404 Not Found", "sorry"));
  EXPECT_EQ(missing.error, "http-404");
  EXPECT_EQ(missing.body_bytes, 5U);
  EXPECT_EQ(only_answer(Protocol::http, http_answer("301 Moved", "")).error, "http-301");
}

TEST(Answers, nonsense_is_malformed_and_the_last) {
  for (const auto protocol : {Protocol::dlab, Protocol::http}) {
    const auto nonsense = only_answer(protocol, "nonsense, of which there may be a lot\r\n\r\n");
    EXPECT_EQ(nonsense.error, "malformed");
    EXPECT_TRUE(nonsense.last);
  }
  EXPECT_EQ(only_answer(Protocol::dlab, frame_of(wire::Mark{})).error, "malformed");
  EXPECT_EQ(
      only_answer(Protocol::http, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").error,
      "malformed");
}

TEST(Answers, a_server_that_will_close_is_understood) {
  EXPECT_TRUE(
      only_answer(Protocol::http, http_answer("200 OK", "a", "Connection: close\r\n")).last);
  EXPECT_TRUE(only_answer(Protocol::http, "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na").last);
}

TEST(Answers, without_a_length_the_end_of_the_connection_is_the_end) {
  const auto reader = read_http();
  auto input = test::raw("HTTP/1.1 200 OK\r\n\r\nabcd");
  EXPECT_FALSE(reader->read(input));
  EXPECT_TRUE(input.empty());
  const auto answer = reader->end();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body_bytes, 4U);
  EXPECT_TRUE(answer->last);
}

TEST(Answers, a_body_cut_short_has_no_end) {
  for (const auto protocol : {Protocol::dlab, Protocol::http}) {
    const auto whole =
        protocol == Protocol::dlab ? file_answer("abcd") : http_answer("200 OK", "abcd");
    const auto reader = make_reader(protocol);
    auto input = test::raw(std::string_view(whole).substr(0, whole.size() - 1));
    EXPECT_FALSE(reader->read(input));
    EXPECT_FALSE(reader->end());
  }
}

TEST(Answers, a_request_asks_for_the_whole_file) {
  EXPECT_EQ(request_for(Protocol::dlab, "a.bin", "h:1", false),
            frame_of(wire::Get{.name = "a.bin"}));
  EXPECT_EQ(request_for(Protocol::http, "a b/\xC3\xA9", "h:1", false),
            "GET /a%20b/%C3%A9 HTTP/1.1\r\nHost: h:1\r\n\r\n");
  EXPECT_EQ(request_for(Protocol::http, "a", "h:1", true),
            "GET /a HTTP/1.1\r\nHost: h:1\r\nConnection: close\r\n\r\n");
}

}  // namespace
}  // namespace dlab::load
