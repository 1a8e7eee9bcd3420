#pragma once

#include <span>
#include <string>
#include <string_view>

namespace dlab::bench {

// The tables of a results folder; docs/metrics.md explains every column.
std::span<const std::string_view> runs_columns();
std::span<const std::string_view> latency_columns();
std::span<const std::string_view> samples_columns();

// "runs.csv: schema,run_id,...", one line a table: what a test holds against docs/metrics.md.
std::string describe_columns();

}  // namespace dlab::bench
