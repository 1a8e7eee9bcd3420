#include "bench/runner/cells.hpp"

#include <gtest/gtest.h>

#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

class CellsTest : public testing::Test {
 protected:
  CellsTest() {
    const std::string many =
        R"({"title": "t", "most_connections": 100, "defaults": {"schedule": "dynamic"},
            "servers": [["s"]], "clients": [["c", "{connections}"]],
            "client_options": {"sink=file": [], "schedule": ["-s", "{schedule}"]}})";
    const std::string one =
        R"({"title": "t", "servers": [["s"]], "clients": [["c"]],
            "client_options": {"sink=file": []}})";
    contestants_["many"] = load_contestant(files_.write("many.json", many));
    contestants_["one"] = load_contestant(files_.write("one.json", one));
  }

  Experiment experiment(const std::string& cells) {
    return load_experiment(files_.write("x.json", R"({"title": "t", "question": "q?",
      "budget_s": 10,
      "settings": {"file_bytes": 100, "sink": "file", "congestion_requested": "cubic",
                   "link": "loopback"},
      "quick": {"budget_s": 5, "file_bytes": 10},
      "ratios": [{"of": {"contestant": "many", "schedule": "dynamic"},
                  "to": {"contestant": "many", "schedule": "static"},
                  "same": ["connections"], "measure": "duration"},
                 {"of": {"contestant": "many"}, "to": {"contestant": "one"},
                  "measure": "duration"}],
      "cells": [)" + cells + "]}"));
  }
  std::vector<std::string> names(const std::string& cells, bool quick = false) {
    std::vector<std::string> names;
    for (const auto& cell : expand_cells(experiment(cells), contestants_, quick)) {
      names.push_back(cell.name);
    }
    return names;
  }

  DataFiles files_;
  Contestants contestants_;
};

using Names = std::vector<std::string>;
constexpr const char* kMany =
    R"({"contestant": "many", "connections": [1, 5], "schedule": ["dynamic", "static"],
        "quick": {"connections": 5}})";

TEST_F(CellsTest, a_grid_has_every_combination_of_its_axes) {
  EXPECT_EQ(
      names(kMany),
      (Names{"x/many/connections:1/schedule:dynamic", "x/many/connections:1/schedule:static",
             "x/many/connections:5/schedule:dynamic", "x/many/connections:5/schedule:static"}));
}

TEST_F(CellsTest, the_quick_set_replaces_axes_and_settings) {
  EXPECT_EQ(names(kMany, true), (Names{"x/many/schedule:dynamic", "x/many/schedule:static"}));
  const auto cells = expand_cells(experiment(kMany), contestants_, true);
  EXPECT_EQ(setting(cells[0].settings, "file_bytes"), "10");
  EXPECT_EQ(setting(cells[0].settings, "connections"), "5");
}

TEST_F(CellsTest, a_grid_can_stay_out_of_the_quick_set) {
  const std::string cells = R"({"contestant": "one"}, {"contestant": "many", "quick": false})";
  EXPECT_EQ(names(cells), (Names{"x/one", "x/many"}));
  EXPECT_EQ(names(cells, true), (Names{"x/one"}));
}

TEST_F(CellsTest, a_contestants_defaults_give_way_to_the_cell) {
  const auto cells = expand_cells(experiment(R"({"contestant": "many", "schedule": "static"})"),
                                  contestants_, false);
  EXPECT_EQ(setting(cells[0].settings, "schedule"), "static");
  EXPECT_EQ(setting(cells[0].settings, "connections"), "1");
}

TEST_F(CellsTest, what_does_not_fit_together_is_refused) {
  const auto complaint = [&](const std::string& cells) {
    const auto text = data_error([&] { names(cells); });
    return text.substr(text.find("x.json"));
  };
  EXPECT_EQ(complaint(R"({"contestant": "nobody"})"),
            "x.json: cells[0]: there is no contestant nobody");
  EXPECT_EQ(complaint(R"({"contestant": "one", "schedule": "static"})"),
            "x.json: cells[0]: contestant one has no option for schedule=static");
  EXPECT_EQ(complaint(R"({"contestant": "one", "connections": 5})"),
            "x.json: cells[0]: contestant one cannot use 5 connections");
  EXPECT_EQ(complaint(R"({"contestant": "one"}, {"contestant": "one"})"),
            "x.json: cells: x/one is there twice");
}

TEST_F(CellsTest, ratios_pair_cells_that_agree_in_what_they_share) {
  const auto x = experiment(std::string(kMany) + R"(, {"contestant": "one"})");
  const auto cells = expand_cells(x, contestants_, false);
  const auto pairs = expand_ratios(x, cells);
  ASSERT_EQ(pairs.size(), 6U);
  EXPECT_EQ(pairs[0].name, "many schedule dynamic over many schedule static (connections 1)");
  EXPECT_EQ(cells[pairs[1].of].name, "x/many/connections:5/schedule:dynamic");
  EXPECT_EQ(cells[pairs[1].to].name, "x/many/connections:5/schedule:static");
  EXPECT_EQ(pairs[2].name, "many schedule dynamic over one (connections 1)");
}

TEST_F(CellsTest, a_ratio_of_latencies_says_so) {
  auto x = experiment(R"({"contestant": "one"}, {"contestant": "many"})");
  x.ratios.back().measure = Measure::latency_p99;
  const auto pairs = expand_ratios(x, expand_cells(x, contestants_, false));
  ASSERT_EQ(pairs.size(), 1U);
  EXPECT_EQ(pairs[0].name, "many over one, p99");
}

}  // namespace
}  // namespace dlab::bench
