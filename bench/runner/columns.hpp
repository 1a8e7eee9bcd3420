#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::bench {

// bench/columns.csv as it was when this was built; docs/metrics.md tells what it says of a column.
std::string_view columns_csv();

// The tables of a results folder.
std::span<const std::string_view> runs_columns();
std::span<const std::string_view> latency_columns();
std::span<const std::string_view> samples_columns();

// A column that an experiment may set, and its values: "on/off", "1 to 1000".
struct SettingColumn {
  std::string_view name;
  std::string_view kind;
  std::string_view values;
};
std::vector<SettingColumn> setting_columns();

// "runs.csv: schema,run_id,...", one line a table: what a test holds against bench/columns.csv.
std::string describe_columns();

}  // namespace dlab::bench
