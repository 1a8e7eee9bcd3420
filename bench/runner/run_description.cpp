#include "bench/runner/run_description.hpp"

#include <chrono>

namespace dlab::bench {
namespace {

constexpr const char* kSchema = "1";

std::int64_t unix_ns() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

}  // namespace

RunRow describe_run(const RunRequest& request) {
  const Cell& cell = *request.cell;
  RunRow row;
  row.set("schema", kSchema);
  row.set("run_id", request.run_id);
  row.set("experiment", request.experiment);
  row.set("block", request.block);
  row.set("order_in_block", request.order_in_block);
  row.set("seed", request.seed);
  row.set("started_unix_ns", unix_ns());
  row.set("contestant", cell.contestant->name);
  row.set("warmup", request.warmup ? "yes" : "no");
  row.set("turn", request.has_turn ? "yes" : "no");
  if (cell.contestant->part) {
    row.set("part", *cell.contestant->part);
  }
  for (const auto& [column, value] : cell.contestant->columns) {
    row.set(column, value);
  }
  for (const auto& [key, value] : cell.settings) {
    if (key != "verify") {
      row.set(key, value);
    }
  }
  return row;
}

}  // namespace dlab::bench
