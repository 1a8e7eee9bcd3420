#include "bench/runner/results_folder.hpp"

#include <ctime>

#include "bench/runner/columns.hpp"
#include "bench/runner/files.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

fs::path make_new_folder(const fs::path& parent, const std::string& name) {
  fs::create_directories(parent);
  fs::path path = parent / name;
  for (int number = 2; !fs::create_directory(path); ++number) {
    path = parent / (name + "-" + std::to_string(number));
  }
  return path;
}

// By renaming a new link over the old one, so that `latest` always leads somewhere.
void point_latest_to(const fs::path& folder) {
  const fs::path link = folder.parent_path() / "latest";
  const fs::path fresh = folder.parent_path() / (".latest-" + folder.filename().string());
  fs::create_directory_symlink(folder.filename(), fresh);
  fs::rename(fresh, link);
}

}  // namespace

std::string utc_stamp(std::chrono::system_clock::time_point time) {
  const std::time_t seconds = std::chrono::system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return text;
}

ResultsFolder::ResultsFolder(const fs::path& parent, const std::string& name)
    : path_(make_new_folder(fs::absolute(parent),
                            utc_stamp(std::chrono::system_clock::now()) + "-" + name)) {
  runs_ = std::make_unique<CsvFile>(path_ / "runs.csv", runs_columns());
  latency_ = std::make_unique<CsvFile>(path_ / "latency.csv", latency_columns());
  samples_ = std::make_unique<CsvFile>(path_ / "samples.csv", samples_columns());
  point_latest_to(path_);
}

void ResultsFolder::append(const RunResult& result) {
  runs_->append(csv_line(std::span<const std::string>(result.row.fields())));
  latency_->append(result.latency_lines);
  samples_->append(result.samples_lines);
}

void ResultsFolder::write_meta(const std::string& json) const {
  write_file(path_ / "meta.json.new", json);
  fs::rename(path_ / "meta.json.new", path_ / "meta.json");
}

}  // namespace dlab::bench
