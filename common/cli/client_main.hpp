#pragma once

#include "common/cli/command_line.hpp"
#include "common/cli/program.hpp"
#include "common/cli/signal_watcher.hpp"
#include "common/cli/terminal.hpp"

namespace dlab::cli {

// The life of every client: choose the file, download it, report how it went. `Download` is made
// from (options, part_options, report) and has run() and cancel().
template <typename Download, typename PartOptions>
int run_client(const ClientOptions& options, const PartOptions& part_options,
               report::TransferReport& report) {
  return report_on(options, report, [&] {
    report.server = options.server.text();
    report.sink = options.sink == SinkKind::file ? "file" : "discard";
    report.name = choose_file(options);
    const BlockedSignals blocked;  // after the question, which Ctrl-C may end as it likes
    Download download(options, part_options, report);
    const SignalWatcher watcher(blocked, [&download] { download.cancel(); });
    download.run();
  });
}

}  // namespace dlab::cli
