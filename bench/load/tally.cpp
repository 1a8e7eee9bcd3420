#include "bench/load/tally.hpp"

#include <algorithm>

namespace dlab::load {

void Tally::note(const Outcome& outcome, unsigned connection, bool open_loop,
                 const Window& window) {
  const bool answered = outcome.error.empty();
  if (answered) {
    ++answered_in_all;
    bytes_in_all += outcome.bytes;
    last_done = std::max(last_done, outcome.done);
    first_byte = std::min(first_byte, outcome.request.first_byte.value_or(outcome.done));
  } else {
    ++failed_in_all;
    last_error = outcome.error;
  }
  if (answered && window.holds(outcome.done)) {
    ++answers_within;
    bytes_within += outcome.bytes;
  }
  if (!window.holds(outcome.request.intended)) {
    return;
  }
  if (answered) {
    ++requests;
  } else {
    ++errors[outcome.error];
  }
  // What was refused took no time worth telling. What was given up would have taken longer still,
  // and to leave it out would be to leave out the slowest.
  if (answered || outcome.error == kTimeout || outcome.error == kUnanswered) {
    latency.add(outcome.done - outcome.request.intended);
    add_row(outcome, connection, open_loop, window);
  }
}

std::uint64_t Tally::failed() const {
  std::uint64_t sum = 0;
  for (const auto& [word, count] : errors) {
    sum += count;
  }
  return sum;
}

void Tally::add_row(const Outcome& outcome, unsigned connection, bool open_loop,
                    const Window& window) {
  const auto since_t0 = [&](base::TimePoint moment) {
    return base::to_seconds(moment - window.t0);
  };
  const Request& request = outcome.request;
  report::LatencyRow row{.connection = connection,
                         .index = request.index,
                         .bytes = outcome.bytes,
                         .sent_s = since_t0(request.sent),
                         .first_byte_s = since_t0(request.first_byte.value_or(outcome.done)),
                         .done_s = since_t0(outcome.done)};
  if (open_loop) {
    row.intended_s = since_t0(request.intended);
  }
  rows.add(row);
}

}  // namespace dlab::load
