#include "bench/runner/csv.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

#include "common/base/check.hpp"

namespace dlab::bench {
namespace {

using base::check;

void append_field(std::string& line, std::string_view field) {
  if (field.find_first_of(",\"\r\n") == std::string_view::npos) {
    line += field;
    return;
  }
  line += '"';
  for (const char c : field) {
    line.append(c == '"' ? 2 : 1, c);
  }
  line += '"';
}

template <typename Text>
std::string join(std::span<const Text> fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) {
      line += ',';
    }
    append_field(line, fields[i]);
  }
  line += '\n';
  return line;
}

// Takes the field at the front of `text`, up to its comma or line feed, which stay.
std::string take_field(std::string_view& text) {
  std::string field;
  if (!text.starts_with('"')) {
    const auto length = std::min(text.find_first_of(",\n"), text.size());
    field = text.substr(0, length);
    text.remove_prefix(length);
    return field;
  }
  for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
    if (text.front() != '"') {
      field += text.front();
    } else if (text.starts_with("\"\"")) {
      field += '"';
      text.remove_prefix(1);
    } else {
      text.remove_prefix(1);
      return field;
    }
  }
  throw std::runtime_error("CSV: a quote is never closed");
}

std::vector<std::string> take_row(std::string_view& text) {
  std::vector<std::string> fields;
  for (bool more = true; more;) {
    fields.push_back(take_field(text));
    more = text.starts_with(',');
    text.remove_prefix(text.empty() ? 0 : 1);
  }
  if (fields.back().ends_with('\r')) {
    fields.back().pop_back();
  }
  return fields;
}

}  // namespace

std::string csv_line(std::span<const std::string> fields) {
  return join(fields);
}
std::string csv_line(std::span<const std::string_view> fields) {
  return join(fields);
}

CsvFile::CsvFile(const std::filesystem::path& path, std::span<const std::string_view> columns)
    : path_(path.string()),
      file_(check(open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644),
                  "create", path_)) {
  append(csv_line(columns));
}

void CsvFile::append(std::string_view lines) {
  while (!lines.empty()) {
    const auto written = check(
        base::retry_interrupted([&] { return write(file_.get(), lines.data(), lines.size()); }),
        "write", path_);
    lines.remove_prefix(static_cast<std::size_t>(written));
  }
}

CsvTable CsvTable::parse(std::string_view text) {
  const auto last_line_end = text.rfind('\n');
  text = text.substr(0, last_line_end == std::string_view::npos ? 0 : last_line_end + 1);
  CsvTable table;
  if (text.empty()) {
    return table;
  }
  const auto header = take_row(text);
  for (std::size_t i = 0; i < header.size(); ++i) {
    table.columns_[header[i]] = i;
  }
  while (!text.empty()) {
    table.rows_.push_back(take_row(text));
    if (table.rows_.back().size() != header.size()) {
      throw std::runtime_error("CSV: row " + std::to_string(table.rows_.size()) + " has " +
                               std::to_string(table.rows_.back().size()) + " fields, not " +
                               std::to_string(header.size()));
    }
  }
  return table;
}

std::string_view CsvTable::field(std::size_t row, std::string_view column) const {
  const auto found = columns_.find(column);
  return found == columns_.end() ? std::string_view() : rows_[row][found->second];
}

}  // namespace dlab::bench
