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

TEST(Figures, an_output_without_figures_is_refused) {
  RunRow row;
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
