#include "common/exchange/requests.hpp"

#include <gtest/gtest.h>

#include "common/base/errors.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::exchange {
namespace {

// A client, and a server that has given its answers before it was asked.
class Answers : public testing::Test {
 protected:
  template <typename... Messages>
  void given(const Messages&... answers) {
    (pair_.server.send_all(wire::encode(answers)), ...);
    pair_.server.shut_down_sending();
  }
  // Compares the digest of a file of nine bytes, all zeros, with what the server says.
  void check_nine_bytes() {
    verify(client_, {.size = 9, .version = 3, .name = "f"}, [] { return wire::Sha256Value{}; });
  }
  std::string peer() { return client_.stream().peer(); }

  test::StreamPair pair_;
  MessageChannel client_{std::move(pair_.client)};
};

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(Answers, a_header_that_fits_is_returned) {
  const wire::File file{.size = 9, .version = 5, .offset = 2, .length = 3, .name = "f"};
  given(file);
  EXPECT_EQ(receive_file_header(client_, wire::Get{.offset = 2, .length = 4, .version = 5}), file);
}

TEST_F(Answers, an_answer_for_another_range_or_version_is_a_protocol_error) {
  const wire::File file{.size = 9, .version = 5, .offset = 2, .length = 3};
  given(file, file, file);
  using wire::Get;
  EXPECT_THROW(receive_file_header(client_, Get{.offset = 1}), ProtocolError);
  EXPECT_THROW(receive_file_header(client_, Get{.offset = 2, .length = 2}), ProtocolError);
  EXPECT_THROW(receive_file_header(client_, Get{.offset = 2, .version = 6}), ProtocolError);
}

TEST_F(Answers, a_refusal_tells_what_was_asked_of_whom_and_why) {
  given(wire::Error{wire::ErrorCode::not_found, "no such file"});
  try {
    receive_file_header(client_, wire::Get{.name = "a.jpg"});
    FAIL();
  } catch (const Refused& error) {
    EXPECT_EQ(error.code(), wire::ErrorCode::not_found);
    EXPECT_EQ(error.what(), "get \"a.jpg\" from " + peer() + ": not-found: no such file");
  }
}

TEST_F(Answers, a_refusal_cannot_steer_the_terminal) {
  given(wire::Error{wire::ErrorCode::internal, "\x1b[2J"});
  EXPECT_EQ(error_of([&] { receive_file_header(client_, wire::Get{.name = "\n"}); }),
            "get \"?\" from " + peer() + ": internal: ?[2J");
}

TEST_F(Answers, no_answer_is_cut_short) {
  given();
  EXPECT_THROW(list_files(client_), net::CutShort);
}

TEST_F(Answers, an_answer_to_another_question_is_a_protocol_error) {
  given(wire::Mark{1});
  EXPECT_THROW(list_files(client_), ProtocolError);
}

TEST_F(Answers, a_listing_is_returned) {
  const wire::Listing listing{.entries = {{1, "a"}}};
  given(listing);
  EXPECT_EQ(list_files(client_), listing);
}

TEST_F(Answers, signs_of_life_are_passed_over) {
  given(wire::Working{0, 9}, wire::Working{5, 9}, wire::FileDigest{.version = 3, .size = 9});
  EXPECT_NO_THROW(check_nine_bytes());
}

TEST_F(Answers, a_refusal_may_come_after_a_sign_of_life) {
  given(wire::Working{0, 9}, wire::Error{wire::ErrorCode::version_changed, ""});
  EXPECT_THROW(check_nine_bytes(), Refused);
}

TEST_F(Answers, content_that_differs_is_an_integrity_error) {
  const wire::FileDigest digest{.version = 3, .size = 9};
  given(digest, digest, digest);
  EXPECT_NO_THROW(check_nine_bytes());
  const auto other = [] {
    return wire::Sha256Value{std::byte{1}};
  };
  EXPECT_THROW(verify(client_, {.size = 9, .version = 3}, other), base::IntegrityError);
  const auto same = [] {
    return wire::Sha256Value{};
  };
  EXPECT_THROW(verify(client_, {.size = 8, .version = 3}, same), base::IntegrityError);
}

}  // namespace
}  // namespace dlab::exchange
