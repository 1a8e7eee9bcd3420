#pragma once

#include <span>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "bench/runner/contestant.hpp"
#include "bench/runner/run_row.hpp"

namespace dlab::bench {

// What a contestant says about its own transfer, copied into the columns of its row. All throw
// std::runtime_error when a text is not what it should be.

// Our clients' --report; keys that docs/metrics.md calls measured, null staying blank.
void take_report(const nlohmann::json& report, RunRow& row);
// dlab_load's --report.
void take_load(const nlohmann::json& report, RunRow& row);
// curl's --write-out %{json}.
void take_curl(const std::string& output, RunRow& row);
// iperf3's --json of one or more clients that ran at the same time: the receiver's bytes of all
// over the longest of their times.
void take_iperf3(std::span<const std::string> outputs, RunRow& row);

// wrk's output, which ends with a line of JSON (bench/contestants/wrk.lua.template).
void take_wrk(const std::string& output, RunRow& row);

// The `error` that a program's JSON states; blank when it is no JSON or states none.
std::string stated_error(const std::string& json_text);

}  // namespace dlab::bench
