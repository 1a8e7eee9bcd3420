#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bench/load/answers.hpp"
#include "common/base/clock.hpp"

namespace dlab::load {

// One request on its way.
struct Request {
  std::uint64_t index = 0;
  std::size_t object = 0;
  base::TimePoint intended;  // when it was due; closed loop: when it was asked
  base::TimePoint sent;
  std::optional<base::TimePoint> first_byte;
};

// What became of it.
struct Outcome {
  Request request;
  base::TimePoint done;
  std::uint64_t bytes = 0;
  std::string error;  // in a word; blank: answered
};

// How connections are used.
struct Terms {
  Protocol protocol = Protocol::dlab;
  unsigned requests_per_connection = 0;  // 0: no bound
  unsigned pipeline = 1;                 // requests under way at the same time
};

// What is said on one connection, from its opening to its end: requests in order, answers in the
// same order. Pure: knows no socket and no clock.
class Conversation {
 public:
  using Listener = std::function<void(const Outcome&)>;

  explicit Conversation(const Terms& terms) : terms_(terms), reader_(make_reader(terms.protocol)) {}

  [[nodiscard]] bool can_ask() const;
  // `bytes`: what request_for() says.
  void ask(const Request& request, std::string_view bytes);
  // Would a request asked now be the last that the terms allow?
  [[nodiscard]] bool next_is_last() const { return asked_ + 1 == terms_.requests_per_connection; }

  // What has still to be sent; and that so much of it was.
  [[nodiscard]] std::string_view output() const { return std::string_view(output_).substr(sent_); }
  void sent(std::size_t count);

  // Bytes came; tells the listener what is done by them.
  void receive(std::span<const std::byte> input, base::TimePoint now, const Listener& listener);
  // It ends here: what is under way has failed with `error`, unless its answer ends by that.
  void end(base::TimePoint now, const std::string& error, const Listener& listener);

  // Nothing more can come of it.
  [[nodiscard]] bool over() const;
  [[nodiscard]] std::size_t under_way() const { return requests_.size(); }

 private:
  void finish(base::TimePoint now, const Answer& answer, const Listener& listener);

  Terms terms_;
  std::unique_ptr<AnswerReader> reader_;
  std::string output_;
  std::size_t sent_ = 0;  // of output_
  std::deque<Request> requests_;
  unsigned asked_ = 0;
  bool last_seen_ = false;
};

}  // namespace dlab::load
