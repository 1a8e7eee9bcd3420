#include "bench/runner/experiment.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

class ExperimentTest : public testing::Test {
 protected:
  // An experiment whose keys are replaced by those of `over`.
  std::string complaint(const std::string& over) {
    auto json = nlohmann::json::parse(R"({
      "title": "t", "question": "q?", "budget_s": 10,
      "cells": [{"contestant": "a", "connections": [1, 5]}],
      "ratios": [{"of": {"contestant": "a"}, "to": {"contestant": "b"}, "measure": "goodput"}]
    })");
    json.merge_patch(nlohmann::json::parse(over));
    const auto path = files_.write("x.json", json.dump());
    const auto text = data_error([&] { load_experiment(path); });
    const auto at = text.find("x.json");
    return at == std::string::npos ? text : text.substr(at);
  }

  DataFiles files_;
};

TEST_F(ExperimentTest, a_small_one_is_accepted) {
  EXPECT_EQ(complaint("{}"), "");
}

TEST_F(ExperimentTest, errors_name_file_and_key) {
  EXPECT_EQ(complaint(R"({"question": null})"), "x.json: question: is missing");
  EXPECT_EQ(complaint(R"({"budget_s": "long"})"),
            "x.json: budget_s: must be a number from 1.0 to 5400.0");
  EXPECT_EQ(complaint(R"({"buget": 3})"), "x.json: buget: is no key that is known here");
  EXPECT_EQ(complaint(R"({"cells": [{"contestant": "a", "connections": [0]}]})"),
            "x.json: cells[0].connections: must be a whole number from 1 to 1000");
  EXPECT_EQ(complaint(R"({"cells": [{"contestant": "a"}, {"contestant": "a", "sinc": "file"}]})"),
            "x.json: cells[1].sinc: is no key that is known here");
  EXPECT_EQ(complaint(R"({"cells": []})"), "x.json: cells: must have at least one entry");
}

TEST_F(ExperimentTest, fewer_than_eight_blocks_cannot_be_asked_for) {
  EXPECT_EQ(complaint(R"({"least_blocks": 5})"),
            "x.json: least_blocks: must be a number from 8.0 to 1000.0");
}

TEST_F(ExperimentTest, a_ratio_says_what_it_measures) {
  EXPECT_EQ(complaint(R"({"ratios": [{"of": {"contestant": "a"}, "to": {"contestant": "b"},
                                      "measure": "speed"}]})"),
            "x.json: ratios[0].measure: must be goodput, duration, transfer or latency_p99");
  EXPECT_EQ(complaint(R"({"ratios": [{"of": {"contestant": "a"}, "to": {"contestant": "b"},
                                      "measure": "goodput", "same": ["colour"]}]})"),
            "x.json: ratios[0].same: colour is no setting");
}

TEST_F(ExperimentTest, an_unknown_figure_or_verdict_is_refused_with_those_that_there_are) {
  EXPECT_EQ(complaint(R"({"figures": ["speedup", "cost"], "verdicts": ["ratios"]})"), "");
  EXPECT_EQ(complaint(R"({"figures": [], "verdicts": []})"), "");
  EXPECT_TRUE(complaint(R"({"figures": ["speedup", "pie"]})")
                  .starts_with("x.json: figures[1]: pie is not known; there are stages, "));
  EXPECT_EQ(complaint(R"({"verdicts": ["guilty"]})"),
            "x.json: verdicts: guilty is not known; there are connections, ratios, laws, theory, "
            "self-test");
  EXPECT_EQ(complaint(R"({"figures": "stages"})"),
            "x.json: figures: must be a list of texts and objects");
  EXPECT_EQ(complaint(R"({"figures": [7]})"), "x.json: figures[0]: must be an object");
}

TEST_F(ExperimentTest, a_sweep_is_described_in_full_and_by_words_that_are_known) {
  const auto of_sweep = [&](const std::string& over) {
    auto sweep = nlohmann::json::parse(
        R"({"name": "mine", "asks": "q?", "x": "buffer_bytes", "x_label": "bytes"})");
    sweep.merge_patch(nlohmann::json::parse(over));
    return complaint(nlohmann::json({{"figures", {sweep}}}).dump());
  };
  EXPECT_EQ(of_sweep(R"({"y": "time", "panels": ["sink"], "remark": "Short."})"), "");
  EXPECT_EQ(of_sweep(R"({"asks": null})"), "x.json: figures[0].asks: is missing");
  EXPECT_EQ(of_sweep(R"({"name": "../mine"})"),
            "x.json: figures[0].name: must be of a to z, 0 to 9 and _");
  EXPECT_EQ(of_sweep(R"({"name": "cost"})"), "x.json: figures[0].name: cost is another figure's");
  EXPECT_EQ(of_sweep(R"({"x": "sink"})"),
            "x.json: figures[0].x: must be a setting whose values are numbers");
  EXPECT_EQ(of_sweep(R"({"y": "speed"})"),
            "x.json: figures[0].y: speed is not known; there are goodput, time");
  EXPECT_EQ(of_sweep(R"({"panels": ["verify"]})"),
            "x.json: figures[0].panels: verify is no setting that is a column");
  EXPECT_EQ(of_sweep(R"({"colour": "red"})"),
            "x.json: figures[0].colour: is no key that is known here");
}

}  // namespace
}  // namespace dlab::bench
