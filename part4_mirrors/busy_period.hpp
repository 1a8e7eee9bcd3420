#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>

#include "common/base/backoff.hpp"
#include "part4_mirrors/rules.hpp"

namespace dlab::part4 {

// The time in which a mirror refuses because it has too much to do (HTTP's 429 and 503, our
// `busy`): from its first refusal to its next byte. It is left alone for as long as it asks, else
// as after a failure, and not for longer than Rules::patience in all. Pure.
class BusyPeriod {
 public:
  // Of the mirror of this number.
  BusyPeriod(const Rules& rules, std::size_t mirror)
      : rests_(rules.seed + mirror, rules.first_rest, rules.longest_rest),
        patience_(rules.patience) {}

  // It has refused, and says for how long it wants to be left alone, or does not.
  void refused(const std::string& reason, std::optional<base::Duration> wait, base::TimePoint now) {
    since_ = since_.value_or(now);
    reason_ = reason;
    const base::Duration rest = rests_.before_attempt(wait ? 1 : ++refusals_without_word_);
    until_ = now + std::max(rest, wait.value_or(rest));
  }
  void end() {
    since_.reset();
    refusals_without_word_ = 0;
  }

  [[nodiscard]] bool lasts() const { return since_.has_value(); }
  // Until when, and why, is it to be left alone?
  [[nodiscard]] base::TimePoint until() const { return until_; }
  [[nodiscard]] bool is_too_long() const { return since_ && until_ - *since_ > patience_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }

 private:
  base::Backoff rests_;
  base::Duration patience_;
  std::optional<base::TimePoint> since_;
  base::TimePoint until_{};
  unsigned refusals_without_word_ = 0;
  std::string reason_;
};

}  // namespace dlab::part4
