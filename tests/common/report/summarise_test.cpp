#include <gtest/gtest.h>

#include "common/report/transfer_report.hpp"

namespace dlab::report {
namespace {

constexpr std::uint64_t kBytesPerMs = 1000;  // 8 Mbit/s

std::chrono::milliseconds ms(int count) {
  return std::chrono::milliseconds(count);
}

// A connection that receives bytes_at(t) in each millisecond t from `begin` to before `end`.
template <typename BytesAt>
void add_connection(TransferReport& report, int begin, int end, BytesAt bytes_at) {
  ConnectionReport connection;
  for (int t = begin; t < end; ++t) {
    const std::uint64_t bytes = bytes_at(t);
    connection.timeline.add(ms(t), bytes);
    connection.bytes += bytes;
  }
  connection.first_byte_s = begin * 1e-3;
  connection.done_s = end * 1e-3;
  report.bytes_received += connection.bytes;
  report.per_connection.push_back(connection);
}

constexpr auto kConstant = [](int) {
  return kBytesPerMs;
};

void expect_phases_to_add_up(const TransferReport& report) {
  EXPECT_NEAR(*report.setup_s + *report.ramp_s + *report.steady_s + *report.tail_s,
              *report.duration_s, 1e-9);
  EXPECT_GE(*report.ramp_s, 0);
  EXPECT_GE(*report.steady_s, 0);
  EXPECT_GE(*report.tail_s, 0);
}

TEST(Summarise, a_constant_rate_has_neither_ramp_nor_tail) {
  TransferReport report;
  add_connection(report, 40, 440, kConstant);
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_NEAR(*report.duration_s, 0.44, 1e-9);
  EXPECT_NEAR(*report.setup_s, 0.04, 1e-9);
  EXPECT_NEAR(*report.ttfb_s, 0.04, 1e-9);
  EXPECT_NEAR(*report.ramp_s, 0, 1e-9);
  EXPECT_NEAR(*report.steady_s, 0.4, 1e-9);
  EXPECT_NEAR(*report.steady_goodput_mbit_s, 8, 1e-6);
  EXPECT_NEAR(*report.goodput_mbit_s, 8 * 0.4 / 0.44, 1e-6);
  EXPECT_FALSE(report.jain_index);
}

TEST(Summarise, a_ramp_lasts_until_the_steady_level_is_reached) {
  TransferReport report;
  add_connection(report, 0, 400, [](int t) {
    return t < 100 ? kBytesPerMs * static_cast<std::uint64_t>(t) / 100 : kBytesPerMs;
  });
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_NEAR(*report.ramp_s, 0.1, 0.01);  // half a window of 20 ms
  EXPECT_NEAR(*report.steady_goodput_mbit_s, 8, 0.1);
}

TEST(Summarise, the_tail_begins_when_the_first_connection_runs_out_of_work) {
  TransferReport report;
  add_connection(report, 10, 210, kConstant);
  add_connection(report, 20, 410, kConstant);
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_NEAR(*report.setup_s, 0.01, 1e-9);
  EXPECT_NEAR(*report.tail_s, 0.2, 1e-9);
  EXPECT_NEAR(*report.duration_s, 0.41, 1e-9);
  EXPECT_NEAR(*report.steady_goodput_mbit_s, 16, 0.2);
  EXPECT_NEAR(*report.jain_index, 1, 1e-9);
}

TEST(Summarise, fairness_is_jains_index) {
  TransferReport report;
  add_connection(report, 0, 100, kConstant);
  add_connection(report, 0, 100, [](int) { return 3 * kBytesPerMs; });
  summarise(report);
  EXPECT_NEAR(*report.jain_index, 16.0 / 20, 1e-9);  // (1 + 3)^2 / (2 (1 + 9))
}

TEST(Summarise, a_connection_that_got_nothing_counts_against_fairness) {
  TransferReport report;
  add_connection(report, 0, 100, kConstant);
  report.per_connection.emplace_back();
  summarise(report);
  EXPECT_NEAR(*report.jain_index, 0.5, 1e-9);
  EXPECT_NEAR(*report.duration_s, 0.1, 1e-9);
}

TEST(Summarise, a_timed_run_has_no_tail) {
  TransferReport report;
  report.planned_seconds = 0.4;
  add_connection(report, 0, 390, kConstant);
  add_connection(report, 0, 400, kConstant);
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_EQ(*report.tail_s, 0);
  EXPECT_NEAR(*report.steady_s + *report.ramp_s, 0.4, 1e-9);
}

TEST(Summarise, a_timed_run_leaves_out_what_slow_start_brought_too_much) {
  TransferReport report;
  report.planned_seconds = 0.6;
  add_connection(report, 0, 600, [](int t) { return t < 150 ? 5 * kBytesPerMs : kBytesPerMs; });
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_NEAR(*report.ramp_s, 0.2, 1e-9);
  EXPECT_NEAR(*report.steady_goodput_mbit_s, 8, 0.1);
}

TEST(Summarise, an_empty_file_has_a_duration_and_no_goodput) {
  TransferReport report;
  add_connection(report, 30, 30, kConstant);
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_NEAR(*report.duration_s, 0.03, 1e-9);
  EXPECT_EQ(*report.goodput_mbit_s, 0);
  EXPECT_FALSE(report.steady_goodput_mbit_s);
}

TEST(Summarise, everything_in_one_moment_divides_by_nothing) {
  TransferReport report;
  ConnectionReport connection;
  connection.timeline.add(ms(5), 100);
  connection.bytes = 100;
  connection.first_byte_s = connection.done_s = 0.005;
  report.bytes_received = 100;
  report.per_connection = {connection, connection};
  summarise(report);
  expect_phases_to_add_up(report);
  EXPECT_FALSE(report.steady_goodput_mbit_s);
  EXPECT_FALSE(report.jain_index);
}

TEST(Summarise, a_transfer_that_never_began_has_no_figures) {
  TransferReport report;
  report.per_connection.resize(2);
  summarise(report);
  EXPECT_FALSE(report.duration_s);
  EXPECT_FALSE(report.goodput_mbit_s);
}

}  // namespace
}  // namespace dlab::report
