// What the runner makes of the load generator's report.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bench/fake_bench.hpp"

namespace dlab::bench {
namespace {

nlohmann::json report_with(double lateness_p99_s) {
  return {{"bytes_received", 5000},   {"duration_s", 2.0},
          {"goodput_mbit_s", 0.02},   {"requests", 40},
          {"requests_in_all", 50},    {"requests_per_s", 20.0},
          {"failed_requests", 0},     {"error_kinds", nlohmann::json::object()},
          {"latency_mean_s", 0.002},  {"latency_p50_s", 0.001},
          {"latency_p90_s", 0.003},   {"latency_p99_s", 0.004},
          {"latency_p999_s", 0.005},  {"latency_max_s", 0.006},
          {"connect_p50_s", nullptr}, {"connect_p99_s", nullptr},
          {"connect_max_s", nullptr}, {"lateness_p99_s", lateness_p99_s},
          {"lateness_max_s", 0.02},   {"connections_opened", 7},
          {"idle_still_open", 0}};
}

class LoadSession : public testing::Test {
 protected:
  // Runs a contestant whose client leaves this report.
  void run(const nlohmann::json& report) {
    const auto path = bench_.files().write("report.json", report.dump());
    bench_.files().write("contestants/x.json", R"({"title": "t", "part": 3, "figures": "load",
        "client_options": {"sink=discard": [], "clients": []},
        "servers": [[")" DLAB_SOURCE_DIR R"(/tests/bench/fake/talking_server.sh", )" +
                                                   bench_.marker_json() + R"(]],
        "clients": [["cp", ")" + path.string() + R"(", "{report}"]]})");
    bench_.files().write("experiments/x.json", R"({"title": "t", "question": "q?",
        "budget_s": 100, "startup_runs": 0, "quick": {"blocks": 1, "budget_s": 100},
        "settings": {"file_bytes": 1000, "sink": "discard", "congestion_requested": "cubic",
                     "link": "loopback", "clients": 10},
        "ratios": [{"of": {"contestant": "x"}, "to": {"contestant": "x"}, "measure": "goodput"}],
        "cells": [{"contestant": "x"}]})");
    exit_code_ = bench_.run();
  }
  [[nodiscard]] std::string field(const std::string& column) const {
    const auto rows = bench_.rows();
    return std::string(rows.field(rows.rows() - 1, column));
  }

  FakeBench bench_;
  int exit_code_ = -1;
};

TEST_F(LoadSession, its_figures_stand_in_the_row_beside_what_the_server_spent) {
  run(report_with(0.0002));
  EXPECT_EQ(exit_code_, 0) << bench_.output();
  EXPECT_EQ(field("status"), "ok");
  EXPECT_EQ(field("clients"), "10");
  EXPECT_EQ(field("requests"), "40");
  EXPECT_EQ(field("latency_p99_s"), "0.004");
  EXPECT_NE(field("server_switches"), "");
  EXPECT_NE(field("server_maxrss_kib"), "");
  EXPECT_DOUBLE_EQ(std::stod(field("server_cpu_us_per_request")),
                   std::stod(field("server_cpu_s")) * 1e6 / 50);
}

TEST_F(LoadSession, a_late_generator_makes_a_void_row_which_keeps_its_figures) {
  run(report_with(0.002));
  EXPECT_EQ(exit_code_, 0) << bench_.output();
  EXPECT_EQ(field("status"), "void");
  EXPECT_EQ(field("error"), "the load generator was late: 1 % of its requests by over 1 ms");
  EXPECT_EQ(field("requests"), "40");
}

}  // namespace
}  // namespace dlab::bench
