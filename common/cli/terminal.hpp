#pragma once

#include <memory>
#include <string>

#include "common/cli/options.hpp"
#include "common/report/progress.hpp"

namespace dlab::cli {

// A display on stderr, or none when that is no terminal or `quiet` is set.
std::unique_ptr<report::ProgressDisplay> show_picture(report::Picture picture, bool quiet);
// The same of connections. `progress` must outlive it.
std::unique_ptr<report::ProgressDisplay> show_progress(const std::string& name,
                                                       const report::Progress& progress,
                                                       bool quiet);

// The file to download: the one named on the command line, or one that the user picks, by name or
// number, from what the server offers. Throws base::UsageError when there is neither name nor
// terminal, and what asking the server throws.
std::string choose_file(const ClientOptions& options);

}  // namespace dlab::cli
