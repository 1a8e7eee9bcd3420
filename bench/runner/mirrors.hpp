#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "bench/runner/settings.hpp"
#include "common/base/clock.hpp"

namespace dlab::bench {

// Of the link's rate, what a slow mirror has.
constexpr double kSlowMirror = 0.1;

// What becomes of one of several servers that offer the same file.
struct MirrorFate {
  enum class Kind {
    well,
    killed,   // SIGKILL: its host resets the connections
    stalled,  // SIGSTOP: its host accepts and acknowledges, and nobody answers
    slowed,   // its link has `rate` from then on
    lying,    // under the file's name it has another one of the same size
  };
  Kind kind = Kind::well;
  base::Duration at{};  // after the client's start, for all but the first
  double rate = 1;      // of its link in the end, in terms of the others' rate

  // Whether it still brings the file in the end.
  [[nodiscard]] bool remains() const { return kind == Kind::well || kind == Kind::slowed; }
  // Of its link in the beginning.
  [[nodiscard]] double first_rate() const { return kind == Kind::slowed ? 1 : rate; }
};

// A mirror a word, parted by commas: "well", "70%" (of the rate), "slow" (10%), "killed@800ms",
// "stalled@1.5s", "slowed@1s" (to 10%), "lying@1s". Nothing for any other text, and for more than
// 100 mirrors.
std::optional<std::vector<MirrorFate>> parse_mirrors(std::string_view text);

// Those of a cell with these settings; none where it has but one server.
std::vector<MirrorFate> mirrors_of(const Settings& settings);

// How many times its link's rate such a cell downloads with: the sum of what remains where the
// schedule hands out chunks by what was measured, else as many times the slowest as there are.
double rate_of_mirrors(const Settings& settings);

}  // namespace dlab::bench
