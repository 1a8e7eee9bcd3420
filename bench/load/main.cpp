// dlab_load: thousands of connections from one process, to see what a server makes of them.

#include <sys/resource.h>

#include <array>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#include "bench/load/command_line.hpp"
#include "bench/load/generator.hpp"
#include "bench/load/load_report.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/exit_code.hpp"
#include "common/cli/program.hpp"
#include "common/cli/signal_watcher.hpp"
#include "common/cli/terminal.hpp"

namespace dlab::load {
namespace {

constexpr rlim_t kOtherDescriptors = 32;

void check_descriptors(const LoadOptions& options) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t needed =
      rlim_t{options.connections} + options.idle + options.slow + kOtherDescriptors;
  if (needed > limit.rlim_cur) {
    throw std::runtime_error("open files: " + std::to_string(needed) + " are needed, " +
                             std::to_string(limit.rlim_cur) + " allowed (ulimit -Hn)");
  }
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  double seconds = 0;
  for (const timeval& time : {usage.ru_utime, usage.ru_stime}) {
    seconds += static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  }
  return seconds;
}

void show_progress(const Tally& tally, double seconds) {
  std::array<char, 96> line{};
  std::snprintf(line.data(), line.size(), "%.0f s: %llu answers, %llu failed", seconds,
                static_cast<unsigned long long>(tally.answered_in_all),
                static_cast<unsigned long long>(tally.failed_in_all));
  cli::draw_line(line.data());
}

void write_down(const LoadOptions& options, Tally& tally, const Window& window,
                const std::string& error) {
  if (!options.rows.empty()) {
    tally.rows.write_csv(options.rows);
  }
  if (!options.report.empty()) {
    const int exit_code = error.empty() ? cli::kExitDone : cli::kExitFailed;
    write_report(options, tally, window, {error, exit_code, cpu_seconds()});
  }
}

void run(const LoadOptions& options) {
  check_together(options);
  check_descriptors(options);
  const cli::BlockedSignals blocked;
  Tally tally(options.seed);
  Generator generator(options, tally);
  const bool draws = !options.quiet && cli::can_draw();
  if (draws) {
    generator.on_progress = show_progress;
  }
  const cli::SignalWatcher watcher(blocked, [&generator] { generator.cancel(); });
  try {
    generator.run();
  } catch (const std::exception& failure) {
    write_down(options, tally, generator.window(), failure.what());
    throw;
  }
  write_down(options, tally, generator.window(), "");
  if (!options.quiet) {
    if (draws) {
      cli::draw_line("");
    }
    std::fputs(summary(tally, generator.window()).c_str(), stderr);
  }
}

}  // namespace
}  // namespace dlab::load

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Puts load on a server and measures how long each request takes.", "dlab_load");
  app.footer(
      "Examples:\n"
      "  dlab_load 127.0.0.1:9003 Data.jpg --connections 50\n"
      "  dlab_load 127.0.0.1:9003 small=9 large=1 --mode open --rate 500 --connections 100\n"
      "  dlab_load 127.0.0.1:8080 index.html --protocol http --connections 10 --idle 10000\n"
      "  dlab_load 127.0.0.1:9003 a --requests 40 --connections 6 --requests-per-connection 1\n"
      "A request of an open loop is measured from when it was due, whether or not a connection\n"
      "was free then: a server that stalls cannot hide it.");
  load::LoadOptions options;
  load::add_load_options(app, options);
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_program("dlab_load", [&] { load::run(options); });
}
