#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "common/cli/options.hpp"
#include "common/storage/control_file.hpp"
#include "part4_mirrors/mirror.hpp"
#include "part4_mirrors/mirror_download.hpp"

namespace dlab::part4 {

// What a download settles before its first byte.

// Throws base::UsageError for wishes that contradict each other.
void refuse_contradictions(const cli::ClientOptions& options);

// Which mirror does `line` name, as a line of the servers file? Throws base::UsageError for one
// that is not there or tells no digest.
std::size_t place_of_trusted(const std::string& line, const Mirrors& mirrors);

// Of the file that the mirrors have is known what an earlier run has found out; without a record,
// nothing.
void begin_with(const std::optional<storage::ControlRecord>& record, Mirrors& mirrors);

// What is to be remembered of a file of this name and size: what is in `record` and what the
// mirrors have told by now.
storage::ControlRecord record_to_begin_with(const std::string& name, std::uint64_t size,
                                            const std::optional<storage::ControlRecord>& record,
                                            const Mirrors& mirrors);

}  // namespace dlab::part4
