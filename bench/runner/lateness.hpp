#pragma once

#include <optional>
#include <string>

#include "common/base/clock.hpp"
#include "linkem/named_links.hpp"

namespace dlab::bench {

// How late the emulator's packets left during a run.
struct Lateness {
  double late_pct = 0;  // packets over 1 ms late
  base::Duration most{};
};

// Why the run must not count, by the rule of docs/metrics.md; nothing when it may.
std::optional<std::string> too_late(const Lateness& lateness, const linkem::NamedLink& link);

}  // namespace dlab::bench
