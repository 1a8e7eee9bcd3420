#pragma once

#include <cstdint>
#include <vector>

#include <nlohmann/json.hpp>

#include "bench/runner/plan.hpp"
#include "bench/runner/progress.hpp"
#include "linkem/namespaces.hpp"

namespace dlab::bench {

// Certifies every link of the plan once (linkem/certificate.hpp), a failing one twice; links that
// differ in nothing but their names share a measurement. By name, for meta.json; where the machine
// has no emulator, or the measurement itself fails, the entry tells why. Says once what the
// emulator has to do without. Throws Interrupted.
nlohmann::ordered_json certify_links(const std::vector<PlannedExperiment>& plan, std::uint64_t seed,
                                     const linkem::Namespaces& namespaces, Progress& progress);

}  // namespace dlab::bench
