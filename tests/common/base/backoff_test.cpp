#include "common/base/backoff.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

// Without the random part: 0.1 s, twice as long each time, at most 5 s.
double whole(unsigned failures) {
  double seconds = 0.1;
  for (unsigned i = 1; i < failures && seconds < 5; ++i) {
    seconds *= 2;
  }
  return std::min(seconds, 5.0);
}

TEST(Backoff, lies_between_half_and_all_of_a_time_that_doubles_up_to_5_s) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    Backoff backoff(seed);
    for (const unsigned failures : {1U, 2U, 3U, 6U, 7U, 11U, 12U, 100U, UINT32_MAX}) {
      const double seconds = to_seconds(backoff.before_attempt(failures));
      EXPECT_GE(seconds, whole(failures) / 2 - 1e-9) << failures << " failures";
      EXPECT_LE(seconds, whole(failures)) << failures << " failures";
    }
  }
}

TEST(Backoff, is_the_same_for_the_same_seed) {
  Backoff one(7);
  Backoff other(7);
  for (unsigned failures = 1; failures < 20; ++failures) {
    EXPECT_EQ(one.before_attempt(failures), other.before_attempt(failures));
  }
}

TEST(Backoff, of_two_connections_differs) {
  Backoff one(7);
  Backoff other(8);
  EXPECT_NE(one.before_attempt(1), other.before_attempt(1));
}

}  // namespace
}  // namespace dlab::base
