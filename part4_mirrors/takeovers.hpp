#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "part4_mirrors/mirror_table.hpp"
#include "part4_mirrors/rules.hpp"
#include "part4_mirrors/work.hpp"

namespace dlab::part4 {

// Who helps whom when the queue is empty, and which connection is too slow to be kept: the rules,
// as questions about what is under way. Pure.
class Takeovers {
 public:
  // All must outlive this; `loads`: of each mirror, as it follows from `asks`.
  Takeovers(const Rules& rules, const MirrorTable& mirrors, const Asks& asks,
            const std::vector<Load>& loads, base::TimePoint now)
      : rules_(rules), mirrors_(mirrors), asks_(asks), loads_(loads), now_(now) {}

  // A part of what `victim` still wants, for another mirror.
  struct Takeover {
    AskId victim = 0;
    std::size_t mirror = 0;
    storage::ByteRange range;  // to its end
    double saved_s = 0;        // how much sooner those bytes are going to be here
  };

  // The theft that saves most: the end of a range, cut so that both are done at the same time.
  [[nodiscard]] std::optional<Takeover> best_theft() const;
  // The race that saves most: all that is left of a range which nobody races for yet.
  [[nodiscard]] std::optional<Takeover> best_race() const;

  // Seconds until `ask` has brought what is wanted of it; infinite when nothing comes; nothing
  // while it is too early to tell.
  [[nodiscard]] std::optional<double> seconds_left(const Ask& ask) const;
  // Is another mirror to bring what is left of it? (Rules::replace)
  [[nodiscard]] bool is_too_slow(const Ask& ask) const;

 private:
  using Find = std::optional<Takeover> (Takeovers::*)(AskId id, const Ask& ask) const;

  [[nodiscard]] std::optional<Takeover> best(Find find) const;
  [[nodiscard]] std::optional<Takeover> theft(AskId id, const Ask& ask) const;
  [[nodiscard]] std::optional<Takeover> race(AskId id, const Ask& ask) const;
  [[nodiscard]] std::optional<std::size_t> other_mirror(const Ask& ask) const;
  [[nodiscard]] bool is_waiting_its_turn(const Ask& ask) const;
  [[nodiscard]] bool is_silent(const Ask& ask) const;
  [[nodiscard]] std::optional<double> median_of_others(const Ask& ask) const;

  const Rules& rules_;
  const MirrorTable& mirrors_;
  const Asks& asks_;
  const std::vector<Load>& loads_;
  base::TimePoint now_;
};

}  // namespace dlab::part4
