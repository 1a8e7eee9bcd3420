#include "bench/runner/results_folder.hpp"

#include <ctime>
#include <system_error>

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

// By renaming a new link over the old one, so that `latest` always leads somewhere. exFAT, vboxsf
// and CIFS have no links: a file with the folder's name has to do. Returns why there is neither.
std::string point_latest_to(const fs::path& folder) {
  const fs::path latest = folder.parent_path() / "latest";
  const fs::path fresh = folder.parent_path() / (".latest-" + folder.filename().string());
  std::error_code refused;
  fs::create_directory_symlink(folder.filename(), fresh, refused);
  try {
    if (refused) {
      write_file(fresh, folder.filename().string() + "\n");
    }
    fs::rename(fresh, latest);
  } catch (const std::system_error& error) {
    fs::remove(fresh, refused);
    return error.what();
  }
  return "";
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
  latest_problem_ = point_latest_to(path_);
}

void ResultsFolder::append(const RunResult& result) {
  runs_->append(csv_line(std::span<const std::string>(result.row.fields())));
  ++appended_runs_;
  latency_->append(result.latency_lines);
  samples_->append(result.samples_lines);
}

void ResultsFolder::write_meta(const std::string& json) const {
  replace_file(path_ / "meta.json", json);
}

}  // namespace dlab::bench
