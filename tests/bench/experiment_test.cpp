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

}  // namespace
}  // namespace dlab::bench
