#pragma once

#include <cstdint>
#include <functional>

#include "common/base/clock.hpp"
#include "common/cli/options.hpp"
#include "common/cli/signal_watcher.hpp"

namespace dlab::requests {

// What is asked, and how often.
struct Pace {
  base::Duration every = std::chrono::milliseconds(50);
  std::uint64_t bytes = 1000;
};

// Asks for the beginning of `options.name` over one connection, at a steady pace, until SIGTERM or
// SIGINT; then, or after an error, writes options.rows: a row for each request, those still without
// an answer with the time they have waited. Requests leave when they are due, also while earlier
// ones wait: an open loop, in which a full queue cannot hide by holding requests up (Schroeder et
// al. 2006, "Open Versus Closed: A Cautionary Tale"). Throws what the exchange throws.
void ask_until_told(const cli::ClientOptions& options, const Pace& pace);

}  // namespace dlab::requests
