#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::bench {

// 0.25 as "0.25": the shortest text that reads back as the same number.
std::string format_number(double value);

// One row of runs.csv, every column blank until it is set.
class RunRow {
 public:
  RunRow();

  // Throws std::logic_error for a column that runs.csv does not have.
  void set(std::string_view column, std::string value);
  void set(std::string_view column, const char* value) { set(column, std::string(value)); }
  void set(std::string_view column, std::floating_point auto value) {
    set(column, format_number(value));
  }
  void set(std::string_view column, std::integral auto value) {
    set(column, std::to_string(value));
  }

  [[nodiscard]] const std::string& get(std::string_view column) const;
  // The number in a column; NaN where it is blank.
  [[nodiscard]] double number(std::string_view column) const;
  [[nodiscard]] const std::vector<std::string>& fields() const { return fields_; }

 private:
  std::vector<std::string> fields_;
};

}  // namespace dlab::bench
