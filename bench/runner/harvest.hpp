#pragma once

#include <span>
#include <string>

#include "bench/runner/command_lines.hpp"
#include "bench/runner/process.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_result.hpp"

namespace dlab::bench {

// What the programs of a run have written in its work folder. All throw RunProblem or
// std::runtime_error when it is not what it should be.

// The contestant's figures into the row, and what was recorded beside them into the side tables'
// lines. All programs have ended.
void take_figures(const RunRequest& request, const RunPlace& place,
                  std::span<const Process> servers, std::span<const Process> clients,
                  RunResult& result);
// How long the bystanders' small requests took, from when each was due.
void take_bystanders(const RunPlace& place, RunRow& row);
// Whether all bytes are there, whatever the client says about it.
void check_bytes(const Cell& cell, const RunPlace& place, RunRow& row);

// In the client's own words, and how it ended.
std::string why_failed(const Process& client, const RunPlace& place);

}  // namespace dlab::bench
