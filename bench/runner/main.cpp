// dlab_bench: runs experiments and writes what they measured to a results folder.
#include <exception>
#include <optional>

#include <CLI/CLI.hpp>

#include "bench/runner/build_info.hpp"
#include "bench/runner/json_object.hpp"
#include "bench/runner/session.hpp"
#include "bench/runner/turn.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/exit_code.hpp"
#include "common/cli/program.hpp"

namespace {

using dlab::bench::Options;

void declare(CLI::App& app, Options& options) {
  app.add_option("--experiment", options.experiments, "run this experiment; may be repeated");
  auto* quick = app.add_flag("--quick", options.quick, "the small set of cells (default)");
  app.add_flag("--full", options.full, "all cells, up to 90 minutes")->excludes(quick);
  app.add_option("--filter,--benchmark_filter", options.filter,
                 "only cells whose name matches this regular expression");
  app.add_option("--budget", options.budget_s, "seconds for the whole session")
      ->check(dlab::cli::in_range(1.0, 86400.0));
  app.add_option("--seed", options.seed, "decides the order of the runs (default: drawn)");
  app.add_option("--out", options.out, "where results folders are made")->capture_default_str();
  app.add_option("--name", options.name, "ends the name of the results folder");
  app.add_option("--folder-to", options.folder_to,
                 "write the results folder's path to this file, for scripts");
  app.add_flag(
         "--no-turn", options.no_turn,
         "do not wait for another session of this machine; no verdict is drawn from such runs")
      ->envname("DLAB_NO_TURN");
  app.add_option("--turn-folder", options.turn_folder, "where this machine's sessions meet")
      ->capture_default_str();
  app.add_flag("--strict", options.strict,
               "a failed run of anybody's program makes the exit code 1");
  app.add_flag("--allow-debug", options.allow_debug, "measure although the build is not optimised");
  app.add_flag("--verbose", options.verbose, "print a line for each run");
  app.add_flag("--list", options.list, "print the experiments and their questions");
  app.add_flag("--dry-run", options.dry_run, "print what would be run, and for how long");
  app.add_flag("--print-columns", options.print_columns, "print the columns of the tables");
  app.add_option("--experiments", options.experiments_folders,
                 "folder of the experiments' JSON files; may be repeated: of two with the same "
                 "name the later one counts")
      ->allow_extra_args(false)
      ->capture_default_str();
  app.add_option("--contestants", options.contestants_folder,
                 "folder of the contestants' JSON files")
      ->capture_default_str();
  app.add_option_function<std::string>(
         "--benchmark_out",
         [](const std::string&) {
           throw CLI::ValidationError(
               "--benchmark_out",
               "is cut at every block by the library: read the results folder instead");
         })
      ->group("");
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  options.command_line.assign(argv, argv + argc);
  options.experiments_folders = {dlab::bench::source_folder() + "/bench/experiments"};
  options.contestants_folder = dlab::bench::source_folder() + "/bench/contestants";
  options.turn_folder = dlab::bench::default_turn_folder();
  CLI::App app("Runs experiments: real downloads by real programs, measured", "dlab_bench");
  declare(app, options);
  if (const auto exit_code = dlab::cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  dlab::cli::allow_many_descriptors();
  try {
    return dlab::bench::run_session(options);
  } catch (const dlab::bench::DataError& error) {
    dlab::cli::say("dlab_bench", error.what());
    return dlab::cli::kExitUsage;
  } catch (const std::exception& error) {
    dlab::cli::say("dlab_bench", error.what());
    return dlab::cli::kExitFailed;
  }
}
