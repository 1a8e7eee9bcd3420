#pragma once

#include <string>
#include <vector>

#include "part4_mirrors/chunk_schedule.hpp"

namespace dlab::part4 {

// What a download that failed has to say, in several lines. `names`: of the mirrors. Pure.

// No server told the size of the file: why, for each.
std::string cannot_transfer(const std::vector<Failure>& failures,
                            const std::vector<std::string>& names);

// Bytes are missing that no server could bring: of which chunks, from the front of the file, and
// who was tried in which order. The first twenty, and how many more.
std::string not_all_chunks(const ChunkSchedule& schedule, const std::vector<std::string>& names);

}  // namespace dlab::part4
