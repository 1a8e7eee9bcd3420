#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "part4_mirrors/chunk_schedule.hpp"

namespace dlab::part4 {

using namespace std::chrono_literals;

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;

// "mirror 1: 25 to 50", "wait" or "over".
inline std::string text(const Decision& decision) {
  if (decision.kind == Decision::Kind::ask) {
    return "mirror " + std::to_string(decision.mirror) + ": " +
           std::to_string(decision.range.begin) + " to " + std::to_string(decision.range.end);
  }
  return decision.kind == Decision::Kind::wait ? "wait" : "over";
}

// A schedule and an invented clock.
class Steps {
 public:
  Steps(const Rules& rules, std::size_t mirrors, std::optional<std::uint64_t> size,
        std::uint64_t chunks, const std::vector<storage::ByteRange>& received = {})
      : schedule(rules, mirrors, size, chunks, received) {}

  Decision next() { return schedule.next(now); }
  // What the next idle worker is to do; `id`: of what it asks for.
  std::string next_text() {
    const Decision decision = next();
    id = decision.id;
    return text(decision);
  }
  // So many idle workers begin; what they ask for is counted from 0.
  void begin(int workers) {
    for (int i = 0; i < workers; ++i) {
      next();
    }
  }
  void pass(base::Duration time) { now += time; }
  std::uint64_t receive(AskId ask, std::uint64_t bytes) {
    return schedule.received(ask, bytes, now);
  }
  void complete(AskId ask) {
    receive(ask, schedule.wanted(ask));
    schedule.ended(ask, Ending::complete, "", now);
  }
  void fail(AskId ask, const std::string& reason = "refused") {
    schedule.ended(ask, Ending::failed, reason, now);
  }
  // All of these bring so many bytes in each second of so many.
  void receive_for(int seconds, const std::vector<std::pair<AskId, std::uint64_t>>& asks) {
    for (int i = 0; i < seconds; ++i) {
      pass(1s);
      for (const auto& [ask, bytes] : asks) {
        if (bytes > 0) {
          receive(ask, bytes);
        }
      }
    }
  }

  ChunkSchedule schedule;
  base::TimePoint now{1h};
  AskId id = 0;
};

}  // namespace dlab::part4
