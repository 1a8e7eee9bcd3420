#include "bench/runner/harvest.hpp"

#include <vector>

#include <nlohmann/json.hpp>

#include "bench/runner/figures.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/load_limits.hpp"
#include "bench/runner/run_problem.hpp"
#include "bench/runner/served_files.hpp"
#include "common/base/quantile.hpp"

namespace dlab::bench {
namespace {

constexpr std::size_t kLatencyRowsPerRun = 2000;

void take_latency(const RunRequest& request, const RunPlace& place, RunResult& result) {
  if (request.records.latency) {
    result.latency_lines =
        latency_lines(request.run_id, read_file(rows_of(place)), kLatencyRowsPerRun, request.seed);
  }
}

void take_samples(const RunRequest& request, const RunPlace& place, const nlohmann::json& report,
                  RunResult& result) {
  if (request.records.samples) {
    auto samples = merge_samples(request.run_id, read_file(samples_of(place)), report);
    result.samples_lines = std::move(samples.lines);
    result.row.set("loss_events", samples.loss_events);
    result.sender_times = samples.times;
  }
}

// Our clients' report, and what stands beside it.
void take_our_report(const RunRequest& request, const RunPlace& place, const Process& server,
                     RunResult& result) {
  const auto report = nlohmann::json::parse(read_file(report_of(place)));
  take_report(report, result.row);
  take_latency(request, place, result);
  take_samples(request, place, report, result);
  if (request.records.log) {
    if (const auto seconds = server_send_seconds(read_file(server.spec().errors))) {
      result.row.set("server_send_s", *seconds);
    }
  }
}

// The load generator's report.
void take_load_report(const RunRequest& request, const RunPlace& place, RunResult& result) {
  take_load(nlohmann::json::parse(read_file(report_of(place))), result.row);
  take_latency(request, place, result);
  require_punctual(result.row);
}

// A timed run has brought no file, the load generator counts its failures itself, and iperf3 that
// is not timed stops between two reads.
bool must_bring_all(const Cell& cell, const RunRow& row) {
  const auto figures = cell.contestant->figures;
  return row.get("planned_seconds").empty() && figures != Figures::load &&
         figures != Figures::iperf3;
}

}  // namespace

void take_figures(const RunRequest& request, const RunPlace& place,
                  std::span<const Process> servers, std::span<const Process> clients,
                  RunResult& result) {
  std::vector<std::string> outputs;
  for (const auto& client : clients) {
    outputs.push_back(read_file(client.spec().output));
  }
  switch (request.cell->contestant->figures) {
    case Figures::report:
      return take_our_report(request, place, servers.front(), result);
    case Figures::load:
      return take_load_report(request, place, result);
    case Figures::curl:
      return take_curl(outputs.front(), result.row);
    case Figures::iperf3:
      return take_iperf3(outputs, result.row);
    case Figures::wrk:
      return take_wrk(outputs.front(), result.row);
    case Figures::none:
      return;
  }
}

void take_bystanders(const RunPlace& place, RunRow& row) {
  const auto rows = read_file_if_any(bystander_rows_of(place));
  if (!rows) {
    return;
  }
  const auto times = response_times_ms(*rows);
  if (times.empty()) {
    throw RunProblem("failed", "the bystander's requests brought no answer");
  }
  row.set("bystander_p50_ms", base::quantile(times, 0.5));
  row.set("bystander_p95_ms", base::quantile(times, 0.95));
  row.set("bystander_p99_ms", base::quantile(times, 0.99));
}

void check_bytes(const Cell& cell, const RunPlace& place, RunRow& row) {
  if (row.get("sink") == "file") {
    const auto why = difference(place.root / place.file, output_of(place));
    if (!why.empty()) {
      throw RunProblem("failed", why);
    }
    row.set("verified", "yes");
    row.set("bytes_received", row.get("file_bytes"));
  } else if (must_bring_all(cell, row) &&
             !(row.number("bytes_received") >= row.number("file_bytes"))) {
    throw RunProblem("failed", "only " + row.get("bytes_received") + " bytes arrived");
  }
  if (possible_connections(cell) < number_setting(cell.settings, "connections", 1)) {
    row.set("error", "ran with " + std::to_string(possible_connections(cell)) +
                         " connections: it allows no more");
  }
}

std::string why_failed(const Process& client, const RunPlace& place) {
  std::string words = last_line(read_file_if_any(client.spec().errors).value_or(""));
  for (const auto& path : {client.spec().output, report_of(place)}) {
    if (words.empty()) {
      words = stated_error(read_file_if_any(path).value_or(""));
    }
  }
  return "client: " + client.result().how() + (words.empty() ? "" : ": " + words);
}

}  // namespace dlab::bench
