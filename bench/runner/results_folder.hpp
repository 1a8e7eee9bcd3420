#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "bench/runner/csv.hpp"
#include "bench/runner/run_result.hpp"
#include "bench/runner/run_row.hpp"

namespace dlab::bench {

// "20260131T120000Z".
std::string utc_stamp(std::chrono::system_clock::time_point time);

// results/<UTC time>-<name>: never overwritten. `latest` beside it leads people to it: a link, or,
// where the file system has none, a file with the folder's name.
class ResultsFolder {
 public:
  // Throws std::system_error or std::filesystem::filesystem_error.
  ResultsFolder(const std::filesystem::path& parent, const std::string& name);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // Why `latest` does not lead here; blank when it does.
  [[nodiscard]] const std::string& latest_problem() const { return latest_problem_; }
  // How many runs were appended: the rows of runs.csv.
  [[nodiscard]] int runs() const { return appended_runs_; }

  // Appends a run to the tables, now.
  void append(const RunResult& result);
  // Replaces meta.json as a whole.
  void write_meta(const std::string& json) const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<CsvFile> runs_;
  std::unique_ptr<CsvFile> latency_;
  std::unique_ptr<CsvFile> samples_;
  int appended_runs_ = 0;
  std::string latest_problem_;
};

}  // namespace dlab::bench
