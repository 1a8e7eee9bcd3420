#include "bench/runner/mirrors.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;
using Kind = MirrorFate::Kind;

TEST(Mirrors, are_a_word_each_in_their_order) {
  const auto fates = parse_mirrors("well,slow,killed@800ms,stalled@1.5s,lying@1min,70%,slowed@2s");
  ASSERT_TRUE(fates);
  ASSERT_EQ(fates->size(), 7U);
  EXPECT_EQ((*fates)[0].kind, Kind::well);
  EXPECT_DOUBLE_EQ((*fates)[0].rate, 1);
  EXPECT_EQ((*fates)[1].kind, Kind::well);
  EXPECT_DOUBLE_EQ((*fates)[1].rate, 0.1);
  EXPECT_EQ((*fates)[2].kind, Kind::killed);
  EXPECT_EQ((*fates)[2].at, 800ms);
  EXPECT_EQ((*fates)[3].kind, Kind::stalled);
  EXPECT_EQ((*fates)[3].at, 1500ms);
  EXPECT_EQ((*fates)[4].kind, Kind::lying);
  EXPECT_EQ((*fates)[4].at, 1min);
  EXPECT_DOUBLE_EQ((*fates)[5].rate, 0.7);
  EXPECT_DOUBLE_EQ((*fates)[5].first_rate(), 0.7);
  EXPECT_EQ((*fates)[6].kind, Kind::slowed);
  EXPECT_DOUBLE_EQ((*fates)[6].rate, 0.1);
  EXPECT_DOUBLE_EQ((*fates)[6].first_rate(), 1);
  EXPECT_TRUE((*fates)[6].remains());
  EXPECT_TRUE((*fates)[1].remains());
  EXPECT_FALSE((*fates)[3].remains());
  EXPECT_FALSE((*fates)[4].remains());
}

TEST(Mirrors, other_texts_are_none) {
  for (const char* text : {"", "well,", ",well", "ill", "well, slow", "killed", "killed@",
                           "slow@1s", "slowed", "lying", "%", "0%", "101%", "-1%", "7.5%", "x7%",
                           "killed@soon", "stalled@-1s", "killed@1s@2s"}) {
    EXPECT_FALSE(parse_mirrors(text)) << text;
  }
  std::string many = "well";
  for (int i = 1; i < 100; ++i) {
    many += ",well";
  }
  EXPECT_TRUE(parse_mirrors(many));
  EXPECT_FALSE(parse_mirrors(many + ",well"));
}

TEST(Mirrors, of_a_cell_are_a_setting) {
  EXPECT_NO_THROW(check_setting("mirrors", "well,killed@1s", "here"));
  EXPECT_THROW(check_setting("mirrors", "well,dead", "here"), DataError);
  EXPECT_EQ(mirrors_of({{"mirrors", "well,slow"}}).size(), 2U);
  EXPECT_TRUE(mirrors_of({{"link", "wan"}}).empty());
}

TEST(Mirrors, that_share_the_work_by_measure_add_up_and_else_wait_for_the_slowest) {
  const auto rate = [](const char* mirrors, const char* schedule) {
    return rate_of_mirrors({{"mirrors", mirrors}, {"schedule", schedule}});
  };
  EXPECT_DOUBLE_EQ(rate("well,well,well,well", "rotate"), 4);
  EXPECT_DOUBLE_EQ(rate("well,well,well,slow", "adaptive"), 3.1);
  EXPECT_DOUBLE_EQ(rate("well,well,well,slow", "rotate"), 0.4);
  EXPECT_DOUBLE_EQ(rate("well,70%,40%,20%", "adaptive"), 2.3);
  EXPECT_DOUBLE_EQ(rate("well,well,well,slowed@1s", "adaptive"), 3.1);
  EXPECT_DOUBLE_EQ(rate("well,well,well,killed@1s", "rotate"), 3);
  EXPECT_DOUBLE_EQ(rate("stalled@1s", "adaptive"), 1) << "nobody is left: no estimate";
  EXPECT_DOUBLE_EQ(rate_of_mirrors({{"link", "wan"}}), 1) << "one server";
}

}  // namespace
}  // namespace dlab::bench
