#include "bench/runner/figures.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include <nlohmann/json.hpp>

namespace dlab::bench {
namespace {

nlohmann::json our_report() {
  return {{"bytes_received", 1000},  {"verified", "yes"},
          {"duration_s", 0.5},       {"setup_s", 0.1},
          {"ramp_s", nullptr},       {"steady_s", 0.3},
          {"tail_s", 0.1},           {"ttfb_s", 0.1},
          {"goodput_mbit_s", 0.016}, {"steady_goodput_mbit_s", 0.02},
          {"verify_s", 0.01},        {"fsync_s", 0.0},
          {"jain_index", nullptr},   {"retries", 0},
          {"duplicate_bytes", 0}};
}

TEST(Figures, our_report_fills_the_columns_of_the_same_names) {
  RunRow row;
  take_report(our_report(), row);
  EXPECT_EQ(row.get("bytes_received"), "1000");
  EXPECT_EQ(row.get("verified"), "yes");
  EXPECT_EQ(row.get("duration_s"), "0.5");
  EXPECT_EQ(row.get("jain_index"), "");
}

TEST(Figures, a_report_that_lacks_a_key_is_refused) {
  auto report = our_report();
  report.erase("ttfb_s");
  RunRow row;
  EXPECT_THROW(take_report(report, row), std::runtime_error);
}

nlohmann::json load_report() {
  return {{"bytes_received", 5000},
          {"duration_s", 2.0},
          {"goodput_mbit_s", 0.02},
          {"requests", 40},
          {"requests_in_all", 50},
          {"requests_per_s", 20.0},
          {"failed_requests", 3},
          {"latency_mean_s", 0.002},
          {"latency_p50_s", 0.001},
          {"latency_p90_s", 0.003},
          {"latency_p99_s", 0.004},
          {"latency_p999_s", 0.005},
          {"latency_max_s", 0.006},
          {"connect_p50_s", nullptr},
          {"connect_p99_s", nullptr},
          {"connect_max_s", nullptr},
          {"lateness_p99_s", 0.0001},
          {"lateness_max_s", 0.0002},
          {"connections_opened", 7},
          {"idle_still_open", 0},
          {"error_kinds", {{"timeout", 1}, {"refused", 2}}}};
}

TEST(Figures, the_load_generators_report_fills_its_columns) {
  RunRow row;
  take_load(load_report(), row);
  EXPECT_EQ(row.get("requests_in_all"), "50");
  EXPECT_EQ(row.number("latency_p999_s"), 0.005);
  EXPECT_EQ(row.get("connect_p50_s"), "");
  EXPECT_EQ(row.get("error_kinds"), "refused=2 timeout=1");
}

TEST(Figures, a_load_report_that_lacks_a_key_is_refused) {
  auto report = load_report();
  report.erase("lateness_p99_s");
  RunRow row;
  EXPECT_THROW(take_load(report, row), std::runtime_error);
}

TEST(Figures, curl_tells_bytes_time_and_first_byte) {
  RunRow row;
  take_curl(R"({"size_download":1000000,"time_total":0.5,"time_starttransfer":0.01})", row);
  EXPECT_EQ(row.number("goodput_mbit_s"), 16);
  EXPECT_EQ(row.number("ttfb_s"), 0.01);
}

TEST(Figures, iperf3_processes_add_up_over_the_longest_time) {
  const std::vector<std::string> outputs{
      R"({"end":{"sum_received":{"bytes":1000000,"seconds":1.0}}})",
      R"({"end":{"sum_received":{"bytes":3000000,"seconds":2.0}}})"};
  RunRow row;
  take_iperf3(outputs, row);
  EXPECT_EQ(row.get("bytes_received"), "4000000");
  EXPECT_EQ(row.number("goodput_mbit_s"), 16);
}

TEST(Figures, wrk_tells_requests_and_their_times_in_the_last_line) {
  RunRow row;
  row.set("file_bytes", 1000);
  take_wrk(
      "Running 2s test\n  Latency 1.00ms 2.00ms\n"
      R"({"requests": 80000, "duration_us": 2000000, "failed_requests": 3, )"
      R"("latency_mean_us": 1200.5, "latency_p50_us": 1000, "latency_p90_us": 2000, )"
      R"("latency_p99_us": 5000, "latency_p999_us": 8000, "latency_max_us": 9000})"
      "\n",
      row);
  EXPECT_EQ(row.get("requests"), "80000");
  EXPECT_EQ(row.number("requests_per_s"), 40000);
  EXPECT_EQ(row.get("failed_requests"), "3");
  EXPECT_DOUBLE_EQ(row.number("goodput_mbit_s"), 320);
  EXPECT_DOUBLE_EQ(row.number("latency_mean_s"), 0.0012005);
  EXPECT_DOUBLE_EQ(row.number("latency_p99_s"), 0.005);
  EXPECT_DOUBLE_EQ(row.number("latency_p999_s"), 0.008);
}

TEST(Figures, an_output_without_figures_is_refused) {
  RunRow row;
  EXPECT_THROW(take_wrk("unable to connect to 127.0.0.1:1 Connection refused\n", row),
               std::runtime_error);
  EXPECT_THROW(take_wrk("{}\n", row), std::exception);
  EXPECT_THROW(take_curl("curl: (7) refused", row), std::runtime_error);
  EXPECT_THROW(take_iperf3(std::vector<std::string>{"{}"}, row), std::exception);
}

TEST(Figures, an_error_is_found_in_a_programs_json) {
  EXPECT_EQ(stated_error(R"({"error":"unable to connect"})"), "unable to connect");
  EXPECT_EQ(stated_error(R"({"end":{}})"), "");
  EXPECT_EQ(stated_error("no JSON"), "");
}

}  // namespace
}  // namespace dlab::bench
