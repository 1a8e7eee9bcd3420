#include "bench/runner/csv.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "bench/runner/run_row.hpp"

namespace dlab::bench {
namespace {

std::string line(const std::vector<std::string>& fields) {
  return csv_line(std::span<const std::string>(fields));
}

TEST(Csv, a_plain_field_stands_as_it_is) {
  EXPECT_EQ(line({"a", "", "1.5"}), "a,,1.5\n");
}

TEST(Csv, commas_quotes_and_line_breaks_are_quoted) {
  EXPECT_EQ(line({"a,b", "say \"hi\"", "two\nlines"}),
            "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\"\n");
}

TEST(Csv, what_was_written_reads_back_the_same) {
  const std::vector<std::string> fields{"a,b", "say \"hi\"", "two\nlines", "", "plain"};
  const auto table = CsvTable::parse(line({"v", "w", "x", "y", "z"}) + line(fields));
  ASSERT_EQ(table.rows(), 1U);
  EXPECT_EQ(table.field(0, "v"), fields[0]);
  EXPECT_EQ(table.field(0, "w"), fields[1]);
  EXPECT_EQ(table.field(0, "x"), fields[2]);
  EXPECT_EQ(table.field(0, "y"), fields[3]);
  EXPECT_EQ(table.field(0, "z"), fields[4]);
}

TEST(Csv, a_column_that_is_not_there_is_blank) {
  EXPECT_EQ(CsvTable::parse("a\n1\n").field(0, "b"), "");
}

TEST(Csv, a_last_line_cut_short_is_dropped) {
  EXPECT_EQ(CsvTable::parse("a,b\n1,2\n3").rows(), 1U);
}

TEST(Csv, a_row_of_another_width_is_refused) {
  EXPECT_THROW(CsvTable::parse("a,b\n1\n"), std::runtime_error);
}

TEST(RunRow, every_column_is_blank_until_it_is_set) {
  RunRow row;
  EXPECT_EQ(row.get("goodput_mbit_s"), "");
  row.set("goodput_mbit_s", 0.25);
  row.set("connections", 10);
  EXPECT_EQ(row.get("goodput_mbit_s"), "0.25");
  EXPECT_EQ(row.number("connections"), 10);
}

TEST(RunRow, a_column_that_runs_csv_lacks_is_refused) {
  RunRow row;
  EXPECT_THROW(row.set("speed", "fast"), std::logic_error);
}

}  // namespace
}  // namespace dlab::bench
