#include "bench/runner/columns.hpp"

#include "bench/runner/csv.hpp"

namespace dlab::bench {
namespace {

const CsvTable& all_columns() {
  static const CsvTable columns = CsvTable::parse(columns_csv());
  return columns;
}

std::vector<std::string_view> names_in(std::string_view table) {
  std::vector<std::string_view> names;
  for (std::size_t row = 0; row < all_columns().rows(); ++row) {
    if (all_columns().field(row, "table") == table) {
      names.push_back(all_columns().field(row, "name"));
    }
  }
  return names;
}

void describe(std::string& text, std::string_view table, std::span<const std::string_view> names) {
  text += table;
  const char* separator = ": ";
  for (const std::string_view name : names) {
    text.append(separator).append(name);
    separator = ",";
  }
  text += '\n';
}

}  // namespace

std::span<const std::string_view> runs_columns() {
  static const auto names = names_in("runs");
  return names;
}
std::span<const std::string_view> latency_columns() {
  static const auto names = names_in("latency");
  return names;
}
std::span<const std::string_view> samples_columns() {
  static const auto names = names_in("samples");
  return names;
}

std::vector<SettingColumn> setting_columns() {
  const CsvTable& columns = all_columns();
  std::vector<SettingColumn> settings;
  for (std::size_t row = 0; row < columns.rows(); ++row) {
    if (columns.field(row, "role") == "setting") {
      settings.push_back(
          {columns.field(row, "name"), columns.field(row, "kind"), columns.field(row, "values")});
    }
  }
  return settings;
}

std::string describe_columns() {
  std::string text;
  describe(text, "runs.csv", runs_columns());
  describe(text, "latency.csv", latency_columns());
  describe(text, "samples.csv", samples_columns());
  return text;
}

}  // namespace dlab::bench
