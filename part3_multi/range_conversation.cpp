#include "part3_multi/range_conversation.hpp"

#include <algorithm>
#include <utility>

#include "common/exchange/requests.hpp"
#include "common/wire/codec.hpp"

namespace dlab::part3 {

RangeConversation::RangeConversation(ConnectionWork& work, Subject subject, HeldTask task)
    : work_(work), subject_(std::move(subject)), first_(std::move(task)) {}

void RangeConversation::begin(std::string peer) {
  peer_ = std::move(peer);
  if (first_) {
    ask_held(std::move(first_));
  } else if (subject_.first_request) {
    ask(*subject_.first_request, std::move(first_));
  }
}

RangeConversation::Next RangeConversation::next() {
  if (in_body_) {
    wanted_ = work_.wanted(*asked_.front().task);
    if (wanted_ == 0) {
      end_answer();
    }
  }
  if (out_of_step_) {
    return Next::out_of_step;
  }
  if (asked_.empty() && !work_.can_claim()) {
    return Next::wait_for_work;
  }
  return ask_more() ? Next::exchange : Next::done;
}

// Asks for what should follow. False: nothing is asked, and there is nothing to ask for.
bool RangeConversation::ask_more() {
  if (asked_.empty()) {
    return ask_for(work_.claim());
  }
  const Task* const current = in_body_ ? asked_.front().task.get().get() : nullptr;
  if (current != nullptr && !asked_ahead_ &&
      current->position - current->asked.begin >= current->asked.size() / 2) {
    ask_for(work_.claim_next(*current));
    asked_ahead_ = true;
  }
  return true;
}

bool RangeConversation::ask_for(TaskPtr task) {
  if (!task) {
    return false;
  }
  ask_held(HeldTask(work_, std::move(task)));
  return true;
}

void RangeConversation::ask_held(HeldTask task) {
  const wire::Get get{.offset = task->asked.begin,
                      .length = task->asked.size(),
                      .version = work_.version(),
                      .name = subject_.name};
  ask(get, std::move(task));
}

void RangeConversation::ask(const wire::Get& get, HeldTask task) {
  asked_.push_back({get, std::move(task), seconds_since_t0(), std::nullopt});
  const auto request = wire::encode(get);
  out_.insert(out_.end(), request.begin(), request.end());
}

std::span<const std::byte> RangeConversation::to_send() const {
  return std::span(out_).subspan(out_sent_);
}

void RangeConversation::sent(std::size_t bytes) {
  out_sent_ += bytes;
  if (out_sent_ == out_.size()) {
    out_.clear();
    out_sent_ = 0;
  }
}

std::size_t RangeConversation::room(std::size_t most) const {
  return in_body_ ? static_cast<std::size_t>(std::min<std::uint64_t>(wanted_, most)) : most;
}

void RangeConversation::received(std::span<const std::byte> data) {
  while (!data.empty() && !out_of_step_) {
    if (asked_.empty()) {
      throw exchange::ProtocolError("receive from " + peer_ + ": bytes that nobody asked for");
    }
    data = data.subspan(in_body_ ? take_body(data) : take_head(data));
  }
}

// A part of an answer's header. Returns how much of `data` it used.
std::size_t RangeConversation::take_head(std::span<const std::byte> data) {
  const std::size_t count = std::min(data.size(), head_bytes_ - head_.size());
  head_.insert(head_.end(), data.begin(), data.begin() + static_cast<std::ptrdiff_t>(count));
  const auto parsed = exchange::parse_frame_from(peer_, head_);
  head_bytes_ = parsed.bytes;
  if (parsed.frame) {
    begin_answer(*parsed.frame);
    head_.clear();
    head_bytes_ = wire::kHeaderBytes;
  }
  return count;
}

void RangeConversation::begin_answer(const wire::Frame& frame) {
  Asked& asked = asked_.front();
  const wire::File file = exchange::file_header(frame, asked.get, peer_);
  if (!asked.task) {
    asked.task = HeldTask(work_, work_.open(file));
  }
  if (file.length != asked.task->asked.size()) {
    throw exchange::ProtocolError(exchange::describe_request("get", subject_.name, peer_) +
                                  ": the answer has another length");
  }
  in_body_ = true;
  asked_ahead_ = false;
  if (file.length == 0) {
    end_answer();
  }
}

// Returns how much of `data` belongs to the current answer.
std::size_t RangeConversation::take_body(std::span<const std::byte> data) {
  Asked& asked = asked_.front();
  Task& task = *asked.task;
  const auto count = static_cast<std::size_t>(
      std::min<std::uint64_t>(data.size(), task.asked.end - task.position));
  if (!asked.first_byte_s) {
    asked.first_byte_s = seconds_since_t0();
  }
  work_.take_in(task, data.first(count));
  if (task.position >= task.asked.end) {
    end_answer();
  }
  return count;
}

// All that was wanted of the current range is here, though more of it may be on its way.
void RangeConversation::end_answer() {
  const Asked& asked = asked_.front();
  work_.finish(*asked.task, asked.sent_s, asked.first_byte_s);
  out_of_step_ = asked.task->position < asked.task->asked.end;
  asked_.pop_front();
  in_body_ = false;
}

void RangeConversation::closed() const {
  const std::string request = exchange::describe_request("get", subject_.name, peer_);
  if (in_body_) {
    throw net::CutShort(request + ": connection closed with " + std::to_string(wanted_) +
                        " bytes of a range still to come");
  }
  throw net::CutShort(head_.empty()
                          ? request + ": the server closed the connection without an answer"
                          : "receive from " + peer_ + ": closed within a message");
}

double RangeConversation::seconds_since_t0() const {
  return base::to_seconds(base::Clock::now() - subject_.t0);
}

}  // namespace dlab::part3
