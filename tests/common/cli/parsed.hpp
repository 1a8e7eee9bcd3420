#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "common/cli/command_line.hpp"
#include "common/cli/exit_code.hpp"

namespace dlab::test {

// What is written to stderr when `words` are parsed for `options`, which has declare(app). Expects
// exit code 2 with it, and none without.
template <typename Options>
std::string parsed(Options& options, std::vector<std::string> words) {
  CLI::App app("A test.", "test");
  options.declare(app);
  words.insert(words.begin(), "test");
  std::vector<char*> arguments;
  for (auto& word : words) {
    arguments.push_back(word.data());
  }
  testing::internal::CaptureStderr();
  const auto exit_code = cli::parse(app, static_cast<int>(arguments.size()), arguments.data());
  std::string error = testing::internal::GetCapturedStderr();
  if (error.empty()) {
    EXPECT_FALSE(exit_code);
  } else {
    EXPECT_EQ(exit_code, cli::kExitUsage);
    EXPECT_EQ(std::count(error.begin(), error.end(), '\n'), 1) << error;
  }
  return error;
}

}  // namespace dlab::test
