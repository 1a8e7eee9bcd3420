#include "bench/runner/figures.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/runner/files.hpp"

namespace dlab::bench {
namespace {

using nlohmann::json;

constexpr auto kMeasured = std::to_array<std::string_view>(
    {"bytes_received", "verified", "duration_s", "setup_s", "ramp_s", "steady_s", "tail_s",
     "ttfb_s", "goodput_mbit_s", "steady_goodput_mbit_s", "verify_s", "fsync_s", "jain_index",
     "retries", "duplicate_bytes"});

constexpr auto kLoad = std::to_array<std::string_view>(
    {"bytes_received",  "duration_s",     "goodput_mbit_s",     "requests",
     "requests_in_all", "requests_per_s", "failed_requests",    "latency_mean_s",
     "latency_p50_s",   "latency_p90_s",  "latency_p99_s",      "latency_p999_s",
     "latency_max_s",   "connect_p50_s",  "connect_p99_s",      "connect_max_s",
     "lateness_p99_s",  "lateness_max_s", "connections_opened", "idle_still_open"});

json parse(const std::string& text, const char* what) {
  auto value = json::parse(text, nullptr, false);
  if (!value.is_object()) {
    throw std::runtime_error(std::string(what) + " is no JSON object");
  }
  return value;
}

void set_goodput(RunRow& row, double bytes, double seconds) {
  row.set("bytes_received", static_cast<std::int64_t>(bytes));
  row.set("duration_s", seconds);
  if (seconds > 0) {
    row.set("goodput_mbit_s", bytes * 8 / 1e6 / seconds);
  }
}

void take_keys(const json& report, std::span<const std::string_view> columns, RunRow& row) {
  for (const auto column : columns) {
    const auto found = report.find(column);
    if (found == report.end()) {
      throw std::runtime_error("the client's report lacks " + std::string(column));
    }
    if (*found == "yes" || *found == "no") {
      row.set(column, found->get<std::string>());
    } else if (found->is_number_integer()) {
      row.set(column, found->get<std::int64_t>());
    } else if (found->is_number()) {
      row.set(column, found->get<double>());
    } else if (!found->is_null()) {
      throw std::runtime_error("the client's report has no value for " + std::string(column));
    }
  }
}

}  // namespace

void take_report(const json& report, RunRow& row) {
  take_keys(report, kMeasured, row);
}

void take_load(const json& report, RunRow& row) {
  take_keys(report, kLoad, row);
  std::string kinds;
  for (const auto& [word, count] : report.at("error_kinds").items()) {
    kinds.append(kinds.empty() ? "" : " ").append(word).append("=").append(count.dump());
  }
  row.set("error_kinds", kinds);
}

void take_curl(const std::string& output, RunRow& row) {
  const json figures = parse(output, "curl's output");
  set_goodput(row, figures.at("size_download").get<double>(),
              figures.at("time_total").get<double>());
  row.set("ttfb_s", figures.at("time_starttransfer").get<double>());
}

void take_iperf3(std::span<const std::string> outputs, RunRow& row) {
  double bytes = 0;
  double seconds = 0;
  for (const auto& output : outputs) {
    const json figures = parse(output, "iperf3's output");
    const json& received = figures.at("end").at("sum_received");
    bytes += received.at("bytes").get<double>();
    seconds = std::max(seconds, received.at("seconds").get<double>());
  }
  set_goodput(row, bytes, seconds);
}

void take_wrk(const std::string& output, RunRow& row) {
  constexpr double kMicrosecond = 1e-6;
  const json figures = parse(last_line(output), "the last line of wrk's output");
  const auto requests = figures.at("requests").get<std::int64_t>();
  const double seconds = figures.at("duration_us").get<double>() * kMicrosecond;
  set_goodput(row, static_cast<double>(requests) * row.number("file_bytes"), seconds);
  row.set("requests", requests);
  row.set("requests_in_all", requests);
  row.set("requests_per_s", seconds > 0 ? static_cast<double>(requests) / seconds : 0);
  row.set("failed_requests", figures.at("failed_requests").get<std::int64_t>());
  for (const auto* name : {"mean", "p50", "p90", "p99", "p999", "max"}) {
    const std::string latency = std::string("latency_") + name;
    row.set(latency + "_s", figures.at(latency + "_us").get<double>() * kMicrosecond);
  }
}

std::string stated_error(const std::string& json_text) {
  const auto value = json::parse(json_text, nullptr, false);
  const bool stated = value.is_object() && value.contains("error") && value["error"].is_string();
  return stated ? value["error"].get<std::string>() : "";
}

}  // namespace dlab::bench
