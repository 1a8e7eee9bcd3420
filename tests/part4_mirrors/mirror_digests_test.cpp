#include "part4_mirrors/mirror_digests.hpp"

#include <gtest/gtest.h>

#include <latch>

namespace dlab::part4 {
namespace {

TEST(AskAll, each_is_asked_once_and_its_answer_stands_in_its_place) {
  std::vector<std::atomic<int>> asked(1000);
  const auto told = ask_all(asked.size(), [&asked](std::size_t mirror) {
    ++asked[mirror];
    return Contents{.size = mirror};
  });
  ASSERT_EQ(told.size(), asked.size());
  for (std::size_t mirror = 0; mirror < told.size(); ++mirror) {
    EXPECT_EQ(told[mirror].size, mirror);
    EXPECT_EQ(asked[mirror], 1);
  }
}

TEST(AskAll, they_are_asked_at_once) {
  std::latch all_asked(8);
  const auto told = ask_all(8, [&all_asked](std::size_t) {
    all_asked.arrive_and_wait();  // for ever, if it were one after another
    return Contents{.size = 1};
  });
  EXPECT_EQ(told.size(), 8U);
}

}  // namespace
}  // namespace dlab::part4
