#include "bench/load/objects.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <string>
#include <vector>

namespace dlab::load {
namespace {

void expect_object(std::string_view text, const std::string& name, double weight) {
  const auto object = parse_object(text);
  ASSERT_TRUE(object) << text;
  EXPECT_EQ(object->name, name);
  EXPECT_EQ(object->weight, weight);
}

TEST(Objects, a_name_may_have_a_weight) {
  expect_object("a.bin", "a.bin", 1);
  expect_object("a.bin=0.25", "a.bin", 0.25);
  expect_object("a=b=3", "a=b", 3);
}

TEST(Objects, what_is_no_weight_belongs_to_the_name) {
  expect_object("a=b", "a=b", 1);
  expect_object("a=0", "a=0", 1);
  expect_object("a=-1", "a=-1", 1);
  expect_object("a=inf", "a=inf", 1);
  expect_object("a=", "a=", 1);
}

TEST(Objects, there_is_no_object_without_a_name) {
  EXPECT_FALSE(parse_object(""));
  EXPECT_FALSE(parse_object("=2"));
}

std::vector<std::size_t> draw(const std::vector<Object>& objects, std::uint64_t seed,
                              std::size_t count) {
  ObjectChoice choice(objects, seed);
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < count; ++i) {
    drawn.push_back(choice.next());
  }
  return drawn;
}

// A share of n draws has a standard deviation of sqrt(p (1 - p) / n).
TEST(ObjectChoice, objects_are_drawn_by_their_weights) {
  constexpr std::size_t kCount = 40'000;
  constexpr auto kExpected = std::to_array({0.1, 0.6, 0.3});
  std::array<double, 3> shares{};
  for (const auto index : draw({{"a", 1}, {"b", 6}, {"c", 3}}, 5, kCount)) {
    shares.at(index) += 1.0 / kCount;
  }
  for (std::size_t i = 0; i < shares.size(); ++i) {
    EXPECT_NEAR(shares[i], kExpected[i], 4 * std::sqrt(kExpected[i] * (1 - kExpected[i]) / kCount));
  }
}

TEST(ObjectChoice, the_seed_alone_decides) {
  const std::vector<Object> objects{{"a", 1}, {"b", 1}};
  EXPECT_EQ(draw(objects, 1, 100), draw(objects, 1, 100));
  EXPECT_NE(draw(objects, 1, 100), draw(objects, 2, 100));
}

TEST(ObjectChoice, a_single_object_is_always_drawn) {
  EXPECT_EQ(draw({{"a", 0.001}}, 1, 3), (std::vector<std::size_t>{0, 0, 0}));
}

}  // namespace
}  // namespace dlab::load
