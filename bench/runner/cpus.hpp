#pragma once

#include <vector>

namespace dlab::bench {

// The last `count` of the CPUs that this process may use; none for 0. Throws RunProblem
// (unavailable) when it may use fewer.
std::vector<int> last_cpus(int count);

// How many CPUs this process may use.
int usable_cpus();

}  // namespace dlab::bench
