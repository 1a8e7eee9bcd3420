#include "common/report/latency_rows.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <sstream>
#include <system_error>
#include <thread>

#include "tests/common/support/temp_folder.hpp"

namespace dlab::report {
namespace {

constexpr const char* kHeader =
    "connection,index,offset_bytes,bytes,intended_s,sent_s,first_byte_s,done_s,mirror\n";

std::string written(LatencyRows& rows) {
  const test::TempFolder folder;
  rows.write_csv(folder / "rows.csv");
  return test::read_file(folder / "rows.csv");
}

// The index of each row that was kept.
std::vector<std::uint64_t> kept(LatencyRows& rows) {
  std::istringstream lines(written(rows));
  std::vector<std::uint64_t> list;
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    list.push_back(std::stoull(line.substr(line.find(',') + 1)));
  }
  return list;
}

TEST(LatencyRows, rows_are_written_by_time_sent) {
  LatencyRows rows(1);
  rows.add({.connection = 1,
            .index = 5,
            .offset_bytes = 10,
            .bytes = 20,
            .sent_s = 0.5,
            .first_byte_s = 0.625,
            .done_s = 0.75,
            .mirror = 3});
  rows.add({.intended_s = 0.125, .sent_s = 0.25, .first_byte_s = 0.25, .done_s = 0.25});
  EXPECT_EQ(written(rows), std::string(kHeader) +
                               "0,0,0,0,0.125000000,0.250000000,0.250000000,0.250000000,\n"
                               "1,5,10,20,,0.500000000,0.625000000,0.750000000,3\n");
}

TEST(LatencyRows, what_was_of_no_use_was_never_done) {
  LatencyRows rows(1);
  rows.add({.index = 7, .bytes = 20, .sent_s = 0.5, .first_byte_s = 0.625, .done_s = std::nullopt});
  EXPECT_EQ(written(rows), std::string(kHeader) + "0,7,0,20,,0.500000000,0.625000000,,\n");
}

TEST(LatencyRows, without_rows_the_header_stands_alone) {
  LatencyRows rows(1);
  EXPECT_EQ(written(rows), kHeader);
}

TEST(LatencyRows, a_file_that_cannot_be_written_is_an_error) {
  LatencyRows rows(1);
  EXPECT_THROW(rows.write_csv("/no/such/folder/rows.csv"), std::system_error);
  EXPECT_THROW(rows.write_csv("/dev/full"), std::system_error);
}

TEST(LatencyRows, up_to_the_limit_every_row_is_kept) {
  LatencyRows rows(1);
  for (std::uint64_t i = 0; i < LatencyRows::kLimit; ++i) {
    rows.add({.index = i});
  }
  auto indices = kept(rows);
  std::ranges::sort(indices);
  ASSERT_EQ(indices.size(), LatencyRows::kLimit);
  EXPECT_EQ(indices.front(), 0U);
  EXPECT_EQ(indices.back(), LatencyRows::kLimit - 1);
}

// 200,000 rows, of which a tenth stay; each tenth of the run should give 2,000 of them, with a
// standard deviation of sqrt(20000 * 0.1 * 0.9) = 42.
TEST(LatencyRows, beyond_it_every_row_has_the_same_chance) {
  LatencyRows rows(42);
  constexpr std::uint64_t kRows = 10 * LatencyRows::kLimit;
  for (std::uint64_t i = 0; i < kRows; ++i) {
    rows.add({.index = i});
  }
  const auto indices = kept(rows);
  ASSERT_EQ(indices.size(), LatencyRows::kLimit);
  std::array<int, 10> tenths{};
  for (const auto index : indices) {
    ++tenths.at(index * 10 / kRows);
  }
  for (const int count : tenths) {
    EXPECT_NEAR(count, 2000, 4 * 42);
  }
}

TEST(LatencyRows, the_same_seed_keeps_the_same_rows) {
  LatencyRows one(7);
  LatencyRows same(7);
  LatencyRows other(8);
  for (std::uint64_t i = 0; i < 2 * LatencyRows::kLimit; ++i) {
    one.add({.index = i});
    same.add({.index = i});
    other.add({.index = i});
  }
  const auto rows = kept(one);
  EXPECT_EQ(rows, kept(same));
  EXPECT_NE(rows, kept(other));
}

TEST(LatencyRows, many_threads_may_add) {
  LatencyRows rows(1);
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 4; ++t) {
      threads.emplace_back([&rows, t] {
        for (std::uint64_t i = 0; i < 1000; ++i) {
          rows.add({.connection = t, .index = i});
        }
      });
    }
  }
  EXPECT_EQ(kept(rows).size(), 4000U);
}

}  // namespace
}  // namespace dlab::report
