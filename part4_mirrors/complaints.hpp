#pragma once

#include <string>
#include <vector>

#include "part4_mirrors/chunk_schedule.hpp"

namespace dlab::part4 {

// What a download that failed has to say, in several lines. `names`: of the mirrors. Pure.

// No server told the size of the file: why, for each.
std::string cannot_transfer(const std::vector<Failure>& failures,
                            const std::vector<std::string>& names);

// Which bytes are missing, from the front of the file, and who was asked in vain for those of their
// chunk, in order: the first twenty, and how many more. `keeps`: how to go on from the others.
std::string missing_bytes(const ChunkSchedule& schedule, const std::vector<std::string>& names,
                          bool keeps);

}  // namespace dlab::part4
