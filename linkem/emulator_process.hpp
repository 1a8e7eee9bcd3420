#pragma once

#include <sys/types.h>

#include "linkem/link_spec.hpp"
#include "linkem/shared_counters.hpp"

namespace dlab::linkem {

// The body of the process that Emulator forks: makes the hosts, passes their namespaces to the
// parent over `control`, and moves packets until the parent closes its end or dies.
[[noreturn]] void run_emulator_process(const StarSpec& spec, int control,
                                       const SharedCounters& counters, pid_t parent);

}  // namespace dlab::linkem
