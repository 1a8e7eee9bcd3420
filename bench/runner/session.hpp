#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dlab::bench {

// The command line of dlab_bench.
struct Options {
  std::vector<std::string> experiments;
  bool quick = true;
  bool full = false;
  bool strict = false;
  bool allow_debug = false;
  bool verbose = false;
  bool list = false;
  bool dry_run = false;
  bool print_columns = false;
  std::string filter;
  std::optional<double> budget_s;
  std::optional<std::uint64_t> seed;  // nothing: drawn, and recorded
  std::filesystem::path out = "results";
  std::string name;                 // of the results folder; blank: made up
  std::filesystem::path folder_to;  // a file for the results folder's path; blank: none
  bool no_turn = false;
  std::filesystem::path turn_folder;  // where the machine's sessions find their lock
  std::vector<std::filesystem::path> experiments_folders;
  std::filesystem::path contestants_folder;
  std::vector<std::string> command_line;  // as it was typed
};

// How the results folder's name ends: as asked for, else by what is measured.
std::string results_name(const Options& options);

// Does what the options ask for and returns the exit code: 0; 1 when a run of our own programs
// failed (with `strict`: anybody's), or when none was to be had; 2 when the command line or the
// data are wrong; 128 and the number of a signal that came (130 for Ctrl-C). Throws std::exception
// for what the system refuses.
int run_session(const Options& options);

}  // namespace dlab::bench
