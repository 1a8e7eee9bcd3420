#pragma once

#include "bench/load/load_options.hpp"
#include "common/cli/values.hpp"

namespace dlab::load {

// Declares the options of dlab_load. `app` and `options` must outlive the parsing.
void add_load_options(CLI::App& app, LoadOptions& options);

// What single options cannot tell. Throws base::UsageError.
void check_together(const LoadOptions& options);

}  // namespace dlab::load
