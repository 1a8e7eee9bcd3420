#pragma once

#include <sys/types.h>

#include <filesystem>

#include "bench/runner/process.hpp"

namespace dlab::bench {

// Starts dlab_launch (bench/runner/launcher) with the program of `spec`; it writes its report to
// `report_fd`. The environment is ours without proxies and git's variables, and with HOME in
// the program's folder, so that nobody's personal settings enter a measurement. Throws
// std::system_error.
pid_t spawn_launcher(const std::filesystem::path& launcher, const ProcessSpec& spec, int report_fd);

}  // namespace dlab::bench
