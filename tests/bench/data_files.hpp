#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <functional>
#include <string>

#include "bench/runner/files.hpp"
#include "bench/runner/json_object.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::bench {

// A folder of JSON files that a test writes, gone at its end.
class DataFiles {
 public:
  std::filesystem::path write(const std::string& name, const std::string& content) const {
    std::filesystem::create_directories((folder() / name).parent_path());
    write_file(folder() / name, content);
    return folder() / name;
  }
  [[nodiscard]] std::filesystem::path folder() const { return folder_.path(); }

 private:
  test::TempFolder folder_;
};

// The text of the DataError that `action` throws; blank when it throws none.
inline std::string data_error(const std::function<void()>& action) {
  try {
    action();
  } catch (const DataError& error) {
    return error.what();
  }
  return "";
}

}  // namespace dlab::bench
