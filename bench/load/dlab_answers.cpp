#include <algorithm>
#include <vector>

#include "bench/load/answers.hpp"
#include "common/wire/codec.hpp"

namespace dlab::load {
namespace {

class DlabAnswers : public AnswerReader {
 public:
  std::optional<Answer> read(std::span<const std::byte>& input) override {
    if (!in_body_) {
      if (auto refusal = read_header(input)) {
        return refusal;
      }
    }
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, input.size()));
    input = input.subspan(count);
    body_left_ -= count;
    if (!in_body_ || body_left_ > 0) {
      return std::nullopt;
    }
    in_body_ = false;
    return Answer{.body_bytes = body_bytes_};
  }

  std::optional<Answer> end() override { return std::nullopt; }

 private:
  // Gathers a frame; an answer when it is none that announces a file.
  std::optional<Answer> read_header(std::span<const std::byte>& input) {
    for (;;) {
      const auto parsed = wire::parse_frame(held_);
      if (parsed.error != wire::FrameError::none) {
        return Answer{.error = "malformed", .last = true};
      }
      if (parsed.frame) {
        auto refusal = take(*parsed.frame);
        held_.clear();
        return refusal;
      }
      if (input.empty()) {
        return std::nullopt;
      }
      const auto part = input.first(std::min(parsed.bytes - held_.size(), input.size()));
      held_.insert(held_.end(), part.begin(), part.end());
      input = input.subspan(part.size());
    }
  }

  std::optional<Answer> take(const wire::Frame& frame) {
    if (frame.type == wire::MessageType::file) {
      if (const auto file = wire::decode<wire::File>(frame.body)) {
        body_bytes_ = body_left_ = file->length;
        in_body_ = true;
        return std::nullopt;
      }
    }
    if (frame.type == wire::MessageType::error) {
      if (const auto error = wire::decode<wire::Error>(frame.body)) {
        // After these the server closes (docs/protocol.md); others leave the connection usable.
        const bool last = error->code == wire::ErrorCode::busy ||
                          error->code == wire::ErrorCode::timed_out ||
                          error->code == wire::ErrorCode::malformed;
        return Answer{.error = wire::error_name(error->code), .last = last};
      }
    }
    return Answer{.error = "malformed", .last = true};
  }

  std::vector<std::byte> held_;  // a frame of which more must come
  bool in_body_ = false;
  std::uint64_t body_bytes_ = 0;
  std::uint64_t body_left_ = 0;
};

}  // namespace

std::unique_ptr<AnswerReader> read_dlab() {
  return std::make_unique<DlabAnswers>();
}

}  // namespace dlab::load
