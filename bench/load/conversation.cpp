#include "bench/load/conversation.hpp"

namespace dlab::load {

bool Conversation::can_ask() const {
  const unsigned most = terms_.requests_per_connection;
  return !last_seen_ && requests_.size() < terms_.pipeline && (most == 0 || asked_ < most);
}

void Conversation::ask(const Request& request, std::string_view bytes) {
  requests_.push_back(request);
  output_ += bytes;
  ++asked_;
}

void Conversation::sent(std::size_t count) {
  sent_ += count;
  if (sent_ == output_.size()) {
    output_.clear();
    sent_ = 0;
  }
}

void Conversation::receive(std::span<const std::byte> input, base::TimePoint now,
                           const Listener& listener) {
  while (!input.empty() && !last_seen_) {
    if (requests_.empty()) {
      // An answer to nothing: a refusal before the first request, or nonsense.
      last_seen_ = true;
      return;
    }
    auto& first_byte = requests_.front().first_byte;
    first_byte = first_byte.value_or(now);
    if (const auto answer = reader_->read(input)) {
      finish(now, *answer, listener);
    }
  }
}

void Conversation::end(base::TimePoint now, const std::string& error, const Listener& listener) {
  if (!requests_.empty() && !last_seen_) {
    if (const auto answer = reader_->end()) {
      finish(now, *answer, listener);
    }
  }
  while (!requests_.empty()) {
    finish(now, {.error = error, .last = true}, listener);
  }
  last_seen_ = true;
}

bool Conversation::over() const {
  const unsigned most = terms_.requests_per_connection;
  return last_seen_ || (requests_.empty() && most > 0 && asked_ == most);
}

void Conversation::finish(base::TimePoint now, const Answer& answer, const Listener& listener) {
  const Outcome outcome{requests_.front(), now, answer.body_bytes, answer.error};
  requests_.pop_front();
  last_seen_ = last_seen_ || answer.last;
  listener(outcome);
}

}  // namespace dlab::load
