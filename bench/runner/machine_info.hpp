#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "bench/runner/contestant.hpp"
#include "bench/runner/environment.hpp"

namespace dlab::bench {

// The kernel's release, as uname(2) tells it.
std::string kernel_release();

// Who the runner is: the user's name, or the number of one without.
std::string user_name();

// CPU model, usable CPUs and those there are, what a quota leaves of them (null: all), memory.
nlohmann::ordered_json machine_info(const CpuQuota& quota);

// The commit of a source tree, with "-dirty" when it was changed since; blank where git cannot
// tell, or the tree is no more than a folder in somebody's repository. Writes nothing there, and
// the tree may be another user's. May take a second.
std::string commit_of(const Environment& environment, const std::string& source);

// program -> first line of what it says about its version, or "not installed". A few seconds at
// most.
nlohmann::ordered_json contestant_versions(const Environment& environment,
                                           const Contestants& contestants);

}  // namespace dlab::bench
