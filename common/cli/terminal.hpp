#pragma once

#include <functional>
#include <memory>
#include <string>

#include "common/cli/options.hpp"
#include "common/report/progress.hpp"
#include "common/report/transfer_report.hpp"

namespace dlab::cli {

// Is stderr a terminal that can be drawn over? One with TERM=dumb, or without TERM, knows no
// commands for that.
bool can_draw();

// One line on stderr that the next one is drawn over, cut to the terminal's width; an empty one
// leaves the row free for what is said next. Where can_draw().
void draw_line(const std::string& line);

// A display on stderr, or none where nothing can be drawn or `quiet` is set.
std::unique_ptr<report::ProgressDisplay> show_picture(report::Picture picture, bool quiet);
// The same of connections. `progress` must outlive it.
std::unique_ptr<report::ProgressDisplay> show_progress(const std::string& name,
                                                       const report::Progress& progress,
                                                       bool quiet);

// As report.note_verified(verify); where that takes a while, a display says what is waited for.
void note_verified(report::TransferReport& report, bool quiet, const std::function<void()>& verify);

// The file to download: the one named on the command line, or one that the user picks, by name or
// number, from what the server offers. Throws base::UsageError when there is neither name nor
// terminal, and what asking the server throws.
std::string choose_file(const ClientOptions& options);

}  // namespace dlab::cli
