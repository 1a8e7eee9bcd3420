#include "bench/runner/contestant.hpp"

#include <gtest/gtest.h>

#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

class ContestantTest : public testing::Test {
 protected:
  Contestant load(const std::string& json) { return load_contestant(files_.write("x.json", json)); }
  // What is said about the file, without the folder's name.
  std::string complaint(const std::string& json) {
    const auto text = data_error([&] { load(json); });
    const auto at = text.find("x.json");
    return at == std::string::npos ? text : text.substr(at);
  }

  DataFiles files_;
};

constexpr const char* kSmall = R"({"title": "t", "servers": [["s", "{port}"]],
                                   "clients": [["c", "{file}"]]})";

TEST_F(ContestantTest, a_small_one_has_the_name_of_its_file_and_is_nobody_of_ours) {
  const auto contestant = load(kSmall);
  EXPECT_EQ(contestant.name, "x");
  EXPECT_FALSE(contestant.ours());
  EXPECT_TRUE(contestant.uses("file"));
  EXPECT_FALSE(contestant.uses("report"));
}

TEST_F(ContestantTest, errors_name_file_and_key) {
  EXPECT_EQ(complaint(R"({"servers": [["s"]], "clients": [["c"]]})"), "x.json: title: is missing");
  EXPECT_EQ(complaint(R"({"title": 3, "servers": [["s"]], "clients": [["c"]]})"),
            "x.json: title: must be a text");
  EXPECT_EQ(complaint(R"({"title": "t", "servers": "s", "clients": [["c"]]})"),
            "x.json: servers: must be a list of argument lists");
  EXPECT_EQ(complaint(R"({"title": "t", "servers": [["s"]], "clients": [["c", "{prot}"]]})"),
            "x.json: clients: {prot} is no placeholder");
  EXPECT_EQ(complaint(R"({"title": "t", "servers": [["s"]], "clients": [["c"]], "colour": 1})"),
            "x.json: colour: is no key that is known here");
}

TEST_F(ContestantTest, options_belong_to_settings_and_their_values) {
  const auto with_option = [](const std::string& key) {
    return R"({"title": "t", "servers": [["s"]], "clients": [["c"]], "client_options": {")" + key +
           R"(": ["-x"]}})";
  };
  EXPECT_EQ(complaint(with_option("buffer_bytes")), "");
  EXPECT_EQ(complaint(with_option("record=log")), "");
  EXPECT_EQ(complaint(with_option("bufer_bytes")),
            "x.json: client_options.bufer_bytes: is no setting");
  EXPECT_EQ(complaint(with_option("sink=disk")),
            "x.json: client_options.sink=disk: must be file or discard");
}

TEST_F(ContestantTest, a_setting_without_an_option_is_refused) {
  const auto contestant = load(
      R"({"title": "t", "most_connections": 16, "least_connections": 2, "servers": [["s"]],
          "clients": [["c"]], "client_options": {"sink=discard": [], "schedule": ["-s"]}})");
  EXPECT_FALSE(contestant.refuses("sink", "discard"));
  EXPECT_FALSE(contestant.refuses("schedule", "static"));
  EXPECT_FALSE(contestant.refuses("file_bytes", "1"));
  EXPECT_EQ(contestant.refuses("sink", "file"), "contestant x has no option for sink=file");
  EXPECT_EQ(contestant.refuses("connections", "1"), "contestant x cannot use 1 connections");
  EXPECT_FALSE(contestant.refuses("connections", "50"));  // runs with 16, and says so
}

TEST_F(ContestantTest, one_may_be_like_another_but_for_what_it_says_itself) {
  files_.write("base.json", R"({"title": "base", "most_connections": 9, "servers": [["s", "-a"]],
      "clients": [["c"]], "client_options": {"sink=discard": [], "schedule": ["-s"]}})");
  const auto contestant = load(R"({"like": "base", "title": "t", "servers": [["other"]],
                                   "client_options": {"schedule": ["--schedule"]}})");
  EXPECT_EQ(contestant.name, "x");
  EXPECT_EQ(contestant.title, "t");
  EXPECT_EQ(contestant.servers, (std::vector<std::vector<std::string>>{{"other"}}));
  EXPECT_EQ(contestant.clients, (std::vector<std::vector<std::string>>{{"c"}}));
  EXPECT_EQ(contestant.most_connections, 9);
  EXPECT_EQ(contestant.client_options.at("schedule"), (std::vector<std::string>{"--schedule"}));
  EXPECT_TRUE(contestant.client_options.contains("sink=discard"));
}

TEST_F(ContestantTest, a_likeness_has_one_step) {
  files_.write("far.json", kSmall);
  files_.write("near.json", R"({"like": "far"})");
  EXPECT_EQ(complaint(R"({"like": "near"})"), "x.json: like: near is itself like another one");
  EXPECT_EQ(complaint(R"({"like": 3})"), "x.json: like: must be a text");
  EXPECT_NE(data_error([&] { load(R"({"like": "nobody"})"); }), "");
}

TEST_F(ContestantTest, a_file_that_is_no_json_is_named) {
  EXPECT_TRUE(complaint("{").starts_with("x.json: "));
  EXPECT_NE(complaint("{"), "");
}

}  // namespace
}  // namespace dlab::bench
