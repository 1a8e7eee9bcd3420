#include "bench/runner/placeholders.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace dlab::bench {
namespace {

const Placeholders kValues{{"server", "127.0.0.1"}, {"port", "9001"}, {"file", "a b.bin"}};

TEST(Placeholders, each_is_replaced_where_it_stands) {
  EXPECT_EQ(expand("http://{server}:{port}/{file}", kValues), "http://127.0.0.1:9001/a b.bin");
}

TEST(Placeholders, doubled_braces_stand_for_single_ones) {
  EXPECT_EQ(expand("%{{json}} {{{port}}}", kValues), "%{json} {9001}");
}

TEST(Placeholders, braces_around_anything_else_stay) {
  EXPECT_EQ(expand("events { n 1; } {} {A} {", kValues), "events { n 1; } {} {A} {");
}

TEST(Placeholders, a_value_is_not_expanded_again) {
  EXPECT_EQ(expand("{x}", {{"x", "{port}"}, {"port", "1"}}), "{port}");
}

TEST(Placeholders, a_name_without_a_value_is_refused_by_name) {
  try {
    expand("--rate {rate}", kValues);
    FAIL() << "was accepted";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "placeholder {rate} has no value here");
  }
}

}  // namespace
}  // namespace dlab::bench
