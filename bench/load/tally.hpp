#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "bench/load/conversation.hpp"
#include "bench/load/histogram.hpp"
#include "common/base/clock.hpp"
#include "common/report/latency_rows.hpp"

namespace dlab::load {

// The part of a run that is measured.
struct Window {
  base::TimePoint t0;  // the first request is due
  base::TimePoint begin;
  base::TimePoint end;

  [[nodiscard]] bool holds(base::TimePoint moment) const { return moment >= begin && moment < end; }
};

// Words for requests that were given up: by the timeouts, and because the run was over.
constexpr const char* kTimeout = "timeout";
constexpr const char* kUnanswered = "unanswered";

// What a run measured. Requests count when they were due within the window; answers count for
// answers_per_s and bytes_per_s when their last byte came within it.
struct Tally {
  explicit Tally(std::uint64_t seed) : rows(seed) {}

  Histogram latency;   // from when a request was due, answered or given up, to its last byte
  Histogram connect;   // of connections opened within the window
  Histogram lateness;  // of an open loop: from when a request was due to when we looked at it
  report::LatencyRows rows;
  std::map<std::string, std::uint64_t> errors;  // by their word, requests that failed
  std::uint64_t requests = 0;                   // answered as asked
  std::uint64_t answers_within = 0;
  std::uint64_t bytes_within = 0;
  std::uint64_t answered_in_all = 0;  // warm-up included, as the server counts
  std::uint64_t failed_in_all = 0;
  std::string last_error;  // the word of the latest of them
  std::uint64_t bytes_in_all = 0;
  std::uint64_t connections_opened = 0;
  std::uint64_t idle_opened = 0;
  std::uint64_t idle_still_open = 0;
  std::uint64_t slow_bytes = 0;
  base::TimePoint first_byte = base::TimePoint::max();
  base::TimePoint last_done;

  // A request came to its end. `connection`: the link's number. `open_loop`: it was due by a
  // schedule, which then stands in its row.
  void note(const Outcome& outcome, unsigned connection, bool open_loop, const Window& window);
  // Requests of the window that failed.
  [[nodiscard]] std::uint64_t failed() const;

 private:
  void add_row(const Outcome& outcome, unsigned connection, bool open_loop, const Window& window);
};

}  // namespace dlab::load
