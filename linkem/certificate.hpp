#pragma once

#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "linkem/named_links.hpp"
#include "linkem/processors.hpp"

namespace dlab::linkem {

// One thing that was asked of a link, and what probes found.
struct Finding {
  std::string quantity;  // "rate to the client"
  std::string unit;
  double asked = 0;
  std::optional<double> measured;  // nothing: no probe came through
  double tolerance = 0;            // largest difference that is accepted
  bool holds = false;
};

struct Certificate {
  NamedLink link;
  unsigned attempts = 0;  // more where the first did not hold; the last one is told
  std::vector<Finding> findings;
  Granted granted;      // to the emulator
  double late_pct = 0;  // packets over 1 ms late while it was measured
  double most_late_ms = 0;
  double duration_s = 0;

  [[nodiscard]] bool certified() const;
  // Of the findings that do not hold; blank when all do.
  [[nodiscard]] std::string reason() const;
};

// Measures a link of its own, made for this, with probes: rate and queue both ways, round-trip
// time, loss, the largest packet, drops at the devices. Takes at most some 10 s, mostly 2
// to 4, and as long again where the first attempt does not hold.
// prepare_namespaces() must have been called. Throws Unavailable, std::system_error.
Certificate certify(const NamedLink& link, std::uint64_t seed);

// For meta.json and `linkem certify --json`.
nlohmann::json to_json(const Certificate& certificate);

}  // namespace dlab::linkem
