#pragma once

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/file_descriptor.hpp"

namespace dlab::bench {

// One line of RFC 4180, ended by a bare line feed as every tool here writes it; fields with a
// comma, a quote or a line break are quoted.
std::string csv_line(std::span<const std::string> fields);
std::string csv_line(std::span<const std::string_view> fields);

// A CSV file that grows: every append is one write(2), so that rows survive a crash of the runner.
class CsvFile {
 public:
  // Creates `path` (which must not exist) and writes the header. Throws std::system_error.
  CsvFile(const std::filesystem::path& path, std::span<const std::string_view> columns);

  // Appends lines made by csv_line. Throws std::system_error.
  void append(std::string_view lines);

 private:
  std::string path_;
  base::FileDescriptor file_;
};

// A CSV file read whole, its columns found by name.
class CsvTable {
 public:
  // `text` by RFC 4180. Throws std::runtime_error for rows of another width than the header, or a
  // quote that is never closed. A last line without its end (the writer was killed) is dropped.
  static CsvTable parse(std::string_view text);

  [[nodiscard]] std::size_t rows() const { return rows_.size(); }
  // The field, or nothing where the table lacks the column.
  [[nodiscard]] std::string_view field(std::size_t row, std::string_view column) const;

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace dlab::bench
