#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <limits>
#include <optional>
#include <vector>

#include "bench/load/answers.hpp"

namespace dlab::load {
namespace {

namespace http = boost::beast::http;

constexpr std::uint64_t kUntilClosed = std::numeric_limits<std::uint64_t>::max();

// Beast reads the header; the body needs no reading, only counting.
class HttpAnswers : public AnswerReader {
 public:
  std::optional<Answer> read(std::span<const std::byte>& input) override {
    if (!in_body_) {
      if (auto malformed = read_header(input)) {
        return malformed;
      }
    }
    if (!in_body_) {
      return std::nullopt;
    }
    const auto count = static_cast<std::size_t>(
        std::min<std::uint64_t>(length_ - answer_.body_bytes, input.size()));
    input = input.subspan(count);
    answer_.body_bytes += count;
    return answer_.body_bytes == length_ ? std::optional(finish()) : std::nullopt;
  }

  std::optional<Answer> end() override {
    return in_body_ && length_ == kUntilClosed ? std::optional(finish()) : std::nullopt;
  }

 private:
  std::optional<Answer> read_header(std::span<const std::byte>& input) {
    if (!parser_) {
      parser_.emplace();
      parser_->skip(true);
    }
    const std::size_t before = held_.size();
    if (before > 0) {
      held_.insert(held_.end(), input.begin(), input.end());
    }
    const auto bytes = before > 0 ? std::span<const std::byte>(held_) : input;
    boost::system::error_code error;
    const std::size_t used = parser_->put(boost::asio::buffer(bytes.data(), bytes.size()), error);
    if (error == http::error::need_more) {
      held_ =
          std::vector<std::byte>(bytes.begin() + static_cast<std::ptrdiff_t>(used), bytes.end());
      input = {};
      return std::nullopt;
    }
    if (error || parser_->chunked()) {
      return Answer{.error = "malformed", .last = true};
    }
    input = input.subspan(used - before);  // what was held ended within the header
    held_.clear();
    begin_body();
    return std::nullopt;
  }

  void begin_body() {
    const auto status = parser_->get().result_int();
    const auto length = parser_->content_length();
    const bool has_body = status != 204 && status != 304;
    length_ = !has_body ? 0 : length ? *length : kUntilClosed;
    answer_ = Answer{.last = !parser_->keep_alive() || length_ == kUntilClosed};
    if (status < 200 || status > 299) {
      answer_.error = "http-" + std::to_string(status);
    }
    parser_.reset();
    in_body_ = true;
  }

  Answer finish() {
    in_body_ = false;
    return std::move(answer_);
  }

  std::optional<http::response_parser<http::empty_body>> parser_;
  std::vector<std::byte> held_;  // of a header of which more must come
  bool in_body_ = false;
  std::uint64_t length_ = 0;
  Answer answer_;
};

}  // namespace

std::unique_ptr<AnswerReader> read_http() {
  return std::make_unique<HttpAnswers>();
}

}  // namespace dlab::load
