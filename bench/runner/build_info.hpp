#pragma once

#include <optional>
#include <string>

#include <nlohmann/json_fwd.hpp>

namespace dlab::bench {

// Build type, flags, compiler and the versions of libraries, as CMake knew them.
nlohmann::ordered_json build_info();

// Why this build must not be measured with: it is no optimised one, or it carries sanitizers.
// Judged by our own flags. Nothing when it may.
std::optional<std::string> not_for_measuring();

// Where the source tree was at build time: experiments and contestants lie in its bench/.
std::string source_folder();

}  // namespace dlab::bench
