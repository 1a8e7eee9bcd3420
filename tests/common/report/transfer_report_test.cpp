#include "common/report/transfer_report.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <system_error>

#include <nlohmann/json.hpp>

#include "tests/common/support/temp_folder.hpp"

namespace dlab::report {
namespace {

using nlohmann::json;
using Keys = std::set<std::string>;

json written(const TransferReport& report) {
  const test::TempFolder folder;
  write_json(report, folder / "report.json");
  return json::parse(test::read_file(folder / "report.json"));
}

Keys keys_of(const json& object) {
  Keys keys;
  for (const auto& [key, value] : object.items()) {
    keys.insert(key);
  }
  return keys;
}

// The page's section about the report, from its heading to the next paragraph about the server.
std::string section_of_page() {
  const std::string page = test::read_file(DLAB_SOURCE_DIR "/docs/metrics.md");
  const auto begin = page.find("## The client's `--report FILE.json`");
  return page.substr(begin, page.find("A server's `--samples", begin) - begin);
}

Keys matches(const std::string& text, const std::string& pattern) {
  Keys found;
  const std::regex expression(pattern);
  for (std::sregex_iterator match(text.begin(), text.end(), expression), end; match != end;
       ++match) {
    found.insert((*match)[1]);
  }
  return found;
}

// The names in the first column of the page's table, and those in its paragraph of columns.
Keys keys_of_page() {
  const std::string section = section_of_page();
  const auto table = section.find("| key |");
  Keys keys = matches(section.substr(section.find('\n'), table), "`([a-z0-9_]+)`");
  keys.erase("null");
  std::istringstream lines(section.substr(section.find("| --- |", table)));
  std::string line;
  std::getline(lines, line);
  while (std::getline(lines, line) && line.starts_with("| ")) {
    keys.merge(matches(line.substr(0, line.find('|', 1)), "([a-z0-9_]+)"));
  }
  for (const char* name : {"runs", "csv"}) {
    keys.erase(name);
  }
  return keys;
}

TEST(TransferReport, its_keys_are_those_of_the_page) {
  TransferReport report;
  EXPECT_EQ(keys_of(written(report)), keys_of_page());
}

TEST(TransferReport, the_keys_of_connections_and_packets_are_those_of_the_page) {
  TransferReport report;
  report.per_connection.emplace_back();
  report.packets.emplace();
  const json document = written(report);
  std::istringstream lines(section_of_page());
  std::string line;
  while (std::getline(lines, line)) {
    if (line.starts_with("| per_connection")) {
      EXPECT_EQ(keys_of(document["per_connection"][0]), matches(line, "`([a-z_]+)`"));
    }
    if (line.starts_with("| packets")) {
      EXPECT_EQ(keys_of(document["packets"]), matches(line, "`([a-z_]+)`"));
    }
  }
}

TEST(TransferReport, what_does_not_apply_is_null) {
  const json document = written({});
  for (const char* key : {"schedule", "file_bytes", "planned_seconds", "error", "duration_s",
                          "verify_s", "fsync_s", "packets", "jain_index"}) {
    EXPECT_TRUE(document.at(key).is_null()) << key;
  }
}

TEST(TransferReport, values_are_written_as_they_are) {
  TransferReport report;
  report.program = "part1_client";
  report.part = 1;
  report.version = 0xf38d58c60510cae4;
  report.file_bytes = std::uint64_t{5} << 30U;
  report.verified = true;
  report.duration_s = 1.5;
  report.t0 = base::from_ns(1'234'567'890'123'456'789);
  const json document = written(report);
  EXPECT_EQ(document["schema"], 1);
  EXPECT_EQ(document["program"], "part1_client");
  EXPECT_EQ(document["version"], "f38d58c60510cae4");
  EXPECT_EQ(document["file_bytes"], std::uint64_t{5} << 30U);
  EXPECT_EQ(document["verified"], "yes");
  EXPECT_EQ(document["duration_s"], 1.5);
  EXPECT_EQ(document["t0_monotonic_ns"], 1'234'567'890'123'456'789);
}

TEST(TransferReport, progress_is_bounded_however_many_connections) {
  TransferReport report;
  report.per_connection.resize(1000);
  for (auto& connection : report.per_connection) {
    for (int t = 0; t < 500; ++t) {
      connection.timeline.add(std::chrono::milliseconds(t), 1);
    }
  }
  EXPECT_LE(written(report)["per_connection"][999]["progress"].size(), 10U);
  report.per_connection.resize(1);
  const json few = written(report)["per_connection"][0]["progress"];
  EXPECT_LE(few.size(), 200U);
  EXPECT_EQ(few.back()[1], 500);
}

TEST(TransferReport, names_that_are_no_utf_8_do_not_stop_it) {
  TransferReport report;
  report.name = "\xff\xfe";
  EXPECT_NO_THROW(written(report));
}

TEST(TransferReport, a_file_that_cannot_be_written_is_an_error) {
  EXPECT_THROW(write_json({}, "/no/such/folder/report.json"), std::system_error);
  EXPECT_THROW(write_json({}, "/dev/full"), std::system_error);
}

}  // namespace
}  // namespace dlab::report
