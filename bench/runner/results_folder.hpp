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

// results/<UTC time>-<name>: never overwritten, and `latest` beside it points to it.
class ResultsFolder {
 public:
  // Throws std::system_error or std::filesystem::filesystem_error.
  ResultsFolder(const std::filesystem::path& parent, const std::string& name);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Appends a run to the tables, now.
  void append(const RunResult& result);
  // Replaces meta.json as a whole.
  void write_meta(const std::string& json) const;

 private:
  std::filesystem::path path_;
  std::unique_ptr<CsvFile> runs_;
  std::unique_ptr<CsvFile> latency_;
  std::unique_ptr<CsvFile> samples_;
};

}  // namespace dlab::bench
