#pragma once

#include "bench/runner/cells.hpp"

namespace dlab::bench {

// A cell of these settings; with Reno unless they say otherwise.
inline Cell cell(const Settings& settings) {
  Cell made;
  made.settings = settings;
  made.settings.try_emplace("congestion_requested", "reno");
  return made;
}

}  // namespace dlab::bench
