#include "common/serve/outgoing_reply.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "common/serve/file_service.hpp"

namespace dlab::serve {
namespace {

// A digest is looked for after so long, then after twice as long, up to the longest: a small file's
// comes at once, and a session has nobody who would wake it.
constexpr std::chrono::microseconds kShortestPause{100};
constexpr std::chrono::milliseconds kLongestPause{10};

}  // namespace

OutgoingReply::OutgoingReply(const net::ServiceLimits& limits,
                             std::optional<base::BitRate> rate_limit, base::TimePoint now)
    : limits_(limits) {
  if (rate_limit) {
    limiter_.emplace(*rate_limit, now);
  }
}

void OutgoingReply::begin(Reply reply, base::TimePoint now) {
  reply_.emplace(std::move(reply));
  head_sent_ = 0;
  progress_at_ = now;
  sign_of_life_at_ = now + kSignOfLife;
  digest_pause_ = {};
}

Reply OutgoingReply::end() {
  Reply reply = *std::move(reply_);
  reply_.reset();
  return reply;
}

std::optional<Step> OutgoingReply::next(base::TimePoint now) {
  if (reply_->digest && !digest_is_done(now)) {
    return Step{.kind = Step::Kind::wait, .until = now + digest_pause_};
  }
  const auto head = std::span(reply_->head).subspan(head_sent_);
  auto range = reply_->range;
  if (head.empty() && range.empty()) {
    return std::nullopt;
  }
  if (limiter_ && !range.empty()) {
    if (head.empty() && limiter_->due() > now) {
      return Step{.kind = Step::Kind::wait, .until = limiter_->due()};
    }
    range = range.front(limiter_->quantum());
  }
  auto& delivery = reply_->record.delivery;
  if (!range.empty() && delivery.sent == 0) {
    delivery.first = now;
  }
  // One that is refused and does not even read is held no longer than one that goes on sending.
  const base::Duration patience =
      reply_->is_refusal ? limits_.refusal_timeout : limits_.stall_timeout;
  return Step{.kind = Step::Kind::send,
              .until = progress_at_ + patience,
              .head = head,
              .file = reply_->file ? reply_->file->fd.get() : -1,
              .range = range};
}

// Until then signs of life are sent, which also finds out that the client has left.
bool OutgoingReply::digest_is_done(base::TimePoint now) {
  if (head_sent_ < reply_->head.size()) {
    return true;  // something is to be sent first
  }
  head_sent_ = 0;
  reply_->head.clear();
  if (auto answer = digest_answer(*reply_->digest, base::Duration::zero(), reply_->record)) {
    reply_->head = *std::move(answer);
    reply_->digest.reset();
    return true;
  }
  if (now >= sign_of_life_at_) {
    sign_of_life_at_ = now + kSignOfLife;
    reply_->head = sign_of_life(*reply_->digest);
    return true;
  }
  digest_pause_ = std::clamp<base::Duration>(2 * digest_pause_, kShortestPause, kLongestPause);
  return false;
}

void OutgoingReply::sent(std::size_t bytes, base::TimePoint now) {
  progress_at_ = now;
  const std::size_t of_head = std::min(bytes, reply_->head.size() - head_sent_);
  head_sent_ += of_head;
  const std::uint64_t of_file = bytes - of_head;
  if (of_file > 0) {
    reply_->range.begin += of_file;
    reply_->record.delivery.sent += of_file;
    reply_->record.delivery.last = now;
    if (limiter_) {
      limiter_->sent(of_file, now);
    }
  }
}

}  // namespace dlab::serve
