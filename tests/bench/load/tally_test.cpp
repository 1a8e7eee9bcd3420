#include "bench/load/tally.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/common/support/temp_folder.hpp"

namespace dlab::load {
namespace {

using namespace std::chrono_literals;

base::TimePoint at(int ms) {
  return base::TimePoint(std::chrono::milliseconds(ms));
}

// Measured from 1000 ms to 2000 ms.
const Window kWindow{at(500), at(1000), at(2000)};

Outcome outcome(int intended_ms, int done_ms, const std::string& error = "") {
  const auto intended = at(intended_ms);
  return {{.index = 4, .intended = intended, .sent = intended}, at(done_ms), 100, error};
}

TEST(Tally, requests_due_within_the_window_are_measured) {
  Tally tally(1);
  tally.note(outcome(999, 1001), 0, false, kWindow);
  tally.note(outcome(1000, 1030), 0, false, kWindow);
  tally.note(outcome(1999, 2500), 0, false, kWindow);
  tally.note(outcome(2000, 2001), 0, false, kWindow);
  EXPECT_EQ(tally.requests, 2U);
  EXPECT_EQ(tally.latency.count(), 2U);
  EXPECT_EQ(tally.latency.max(), 501ms);
  EXPECT_EQ(tally.answered_in_all, 4U);
}

TEST(Tally, rates_count_the_answers_that_came_within_it) {
  Tally tally(1);
  tally.note(outcome(999, 1001), 0, false, kWindow);
  tally.note(outcome(1000, 1030), 0, false, kWindow);
  tally.note(outcome(1999, 2500), 0, false, kWindow);
  EXPECT_EQ(tally.answers_within, 2U);
  EXPECT_EQ(tally.bytes_within, 200U);
  EXPECT_EQ(tally.bytes_in_all, 300U);
}

TEST(Tally, a_refusal_is_an_error_without_a_latency) {
  Tally tally(1);
  tally.note(outcome(1000, 1001, "refused"), 0, false, kWindow);
  tally.note(outcome(1002, 1003, "refused"), 0, false, kWindow);
  tally.note(outcome(1, 2, "busy"), 0, false, kWindow);
  EXPECT_EQ(tally.errors, (std::map<std::string, std::uint64_t>{{"refused", 2}}));
  EXPECT_EQ(tally.failed(), 2U);
  EXPECT_EQ(tally.failed_in_all, 3U);
  EXPECT_EQ(tally.latency.count(), 0U);
  EXPECT_EQ(tally.last_error, "busy");
}

TEST(Tally, what_was_given_up_counts_with_the_time_it_waited) {
  Tally tally(1);
  tally.note(outcome(1000, 1400, kTimeout), 0, true, kWindow);
  tally.note(outcome(1500, 3000, kUnanswered), 0, true, kWindow);
  EXPECT_EQ(tally.requests, 0U);
  EXPECT_EQ(tally.failed(), 2U);
  EXPECT_EQ(tally.latency.count(), 2U);
  EXPECT_EQ(tally.latency.max(), 1500ms);
}

TEST(Tally, rows_tell_when_a_request_was_due_if_a_schedule_said_so) {
  Tally tally(1);
  auto first = outcome(1000, 1250);
  first.request.sent = at(1100);
  first.request.first_byte = at(1200);
  tally.note(first, 3, true, kWindow);
  tally.note(outcome(1500, 1600), 0, false, kWindow);
  const test::TempFolder folder;
  tally.rows.write_csv(folder / "rows.csv");
  EXPECT_EQ(test::read_file(folder / "rows.csv"),
            "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s,mirror\n"
            "3,4,0,100,0.500000000,0.600000000,0.700000000,0.750000000,\n"
            "0,4,0,100,,1.000000000,1.100000000,1.100000000,\n");
}

}  // namespace
}  // namespace dlab::load
