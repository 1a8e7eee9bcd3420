#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "common/serve/session.hpp"
#include "common/wire/messages.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::test {

// One session, told bytes and times; what it wants sent is carried out on a string.
class SessionTest : public testing::Test {
 protected:
  using Kind = serve::Step::Kind;

  serve::Session& start(std::optional<base::BitRate> rate = {}) {
    return session_.emplace(files_, limits_, rate, "10.0.0.7:4000", "cubic", now_);
  }

  serve::Step next() { return session_->next(now_); }
  void say(std::span<const std::byte> bytes) { session_->received(bytes, now_); }
  void say(std::string_view text) { say(raw(text)); }
  template <typename Message>
  void ask(const Message& message) {
    say(wire::encode(message));
  }

  // At most `most` bytes of what `step` sends, which the session is then told to have gone.
  std::string carry_out(const serve::Step& step,
                        std::size_t most = std::numeric_limits<std::size_t>::max()) {
    std::string sent = text(step.head);
    if (step.file >= 0) {
      std::string body(static_cast<std::size_t>(step.range.size()), '\0');
      body.resize(static_cast<std::size_t>(
          ::pread(step.file, body.data(), body.size(), static_cast<off_t>(step.range.begin))));
      sent += body;
    }
    sent.resize(std::min(sent.size(), most));
    session_->sent(sent.size(), now_);
    return sent;
  }
  // All that it sends until it wants something else.
  std::string answer() {
    std::string sent;
    for (auto step = next(); step.kind == Kind::send; step = next()) {
      sent += carry_out(step);
    }
    return sent;
  }
  // The frame at the front of `sent`, which is taken off.
  static wire::Frame take_frame(std::string& sent) {
    auto parsed = wire::parse_frame(raw(sent));
    wire::Frame frame = std::move(parsed.frame).value();
    sent.erase(0, parsed.bytes);
    return frame;
  }
  static wire::ErrorCode error_in(std::string sent) {
    const auto frame = take_frame(sent);
    EXPECT_EQ(frame.type, wire::MessageType::error);
    EXPECT_EQ(sent, "");
    return wire::decode<wire::Error>(frame.body).value().code;
  }
  // The bytes of the file in an answer that is one.
  static std::string body_in(std::string sent) {
    EXPECT_EQ(take_frame(sent).type, wire::MessageType::file);
    return sent;
  }
  void expect_receive(base::Duration patience) {
    const auto step = next();
    EXPECT_EQ(step.kind, Kind::receive);
    EXPECT_EQ(step.until - now_, patience);
  }
  [[nodiscard]] int logged(std::string_view what) const {
    int count = 0;
    const auto log = log_.str();
    for (auto at = log.find(what); at != std::string::npos; at = log.find(what, at + 1)) {
      ++count;
    }
    return count;
  }

  TempFolder folder_;
  std::ostringstream log_;
  serve::FileService files_{folder_.path(), &log_};
  net::ServiceLimits limits_;
  base::TimePoint now_{std::chrono::hours(1)};
  std::optional<serve::Session> session_;
};

}  // namespace dlab::test
