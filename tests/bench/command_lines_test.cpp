#include "bench/runner/command_lines.hpp"

#include <gtest/gtest.h>

#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

class CommandLinesTest : public testing::Test {
 protected:
  Cell cell(Settings settings) {
    settings.try_emplace("file_bytes", "1001");
    settings.try_emplace("connections", "1");
    return {"x/c", &contestant_, std::move(settings)};
  }
  std::vector<std::string> client(const Settings& settings, const Records& records = {}) {
    const Cell it = cell(settings);
    return client_commands(it, placeholders_of(it, place_), records).front();
  }

  DataFiles files_;
  Contestant contestant_ = load_contestant(files_.write("c.json", R"({
    "title": "t", "most_connections": 16,
    "servers": [["s", "{port}", "{port2}"]],
    "clients": [["c", "{server}:{port}", "{file}", "-n", "{connections}"]],
    "server_options": {"congestion_requested": ["--congestion", "{congestion_requested}"]},
    "client_options": {"sink=file": ["-o", "{output}"], "sink=discard": ["--discard"],
                       "buffer_bytes": ["-b", "{buffer_bytes}"],
                       "record=latency": ["--rows", "{rows}"]}})"));
  RunPlace place_{"/bin", "/here", "/root", "/scratch", "f.bin", "127.0.0.1", {20001, 20002}, 7};
};

using Arguments = std::vector<std::string>;

TEST_F(CommandLinesTest, a_command_is_complete_without_options) {
  EXPECT_EQ(client({}), (Arguments{"c", "127.0.0.1:20001", "f.bin", "-n", "1"}));
}

TEST_F(CommandLinesTest, an_option_comes_with_its_setting_or_its_value) {
  EXPECT_EQ(client({{"sink", "discard"}, {"buffer_bytes", "8192"}}),
            (Arguments{"c", "127.0.0.1:20001", "f.bin", "-n", "1", "-b", "8192", "--discard"}));
  EXPECT_EQ(client({{"sink", "file"}}),
            (Arguments{"c", "127.0.0.1:20001", "f.bin", "-n", "1", "-o", "/scratch/output/f.bin"}));
}

TEST_F(CommandLinesTest, what_is_not_recorded_is_not_asked_for) {
  EXPECT_EQ(client({}, {false, false, true}),
            (Arguments{"c", "127.0.0.1:20001", "f.bin", "-n", "1", "--rows", "/scratch/rows.csv"}));
}

TEST_F(CommandLinesTest, a_program_is_asked_for_no_more_connections_than_it_can) {
  EXPECT_EQ(client({{"connections", "50"}}).back(), "16");
  EXPECT_EQ(possible_connections(cell({{"connections", "50"}})), 16);
}

TEST_F(CommandLinesTest, servers_set_the_algorithm_only_where_no_route_does) {
  const Cell it = cell({{"congestion_requested", "bbr"}});
  const auto values = placeholders_of(it, place_);
  EXPECT_EQ(server_commands(it, values, {}, false).front(), (Arguments{"s", "20001", "20002"}));
  EXPECT_EQ(server_commands(it, values, {}, true).front(),
            (Arguments{"s", "20001", "20002", "--congestion", "bbr"}));
}

TEST_F(CommandLinesTest, two_processes_share_connections_and_bytes) {
  const auto values = placeholders_of(cell({{"connections", "5"}}), place_);
  EXPECT_EQ(values.at("connections_high"), "3");
  EXPECT_EQ(values.at("connections_low"), "2");
  EXPECT_EQ(values.at("bytes_half"), "500");
}

}  // namespace
}  // namespace dlab::bench
