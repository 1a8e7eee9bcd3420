#include "bench/runner/lateness.hpp"

#include <gtest/gtest.h>

#include <chrono>

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

linkem::NamedLink link(const char* name) {
  return *linkem::find_link(name);
}

TEST(Lateness, some_late_packets_are_accepted) {
  EXPECT_FALSE(too_late({}, link("noisy")));
  EXPECT_FALSE(too_late({.late_pct = 5, .most = 20ms}, link("noisy")));
}

TEST(Lateness, too_many_late_packets_are_not) {
  EXPECT_NE(too_late({.late_pct = 5.1}, link("noisy"))->find("more than 5 %"), std::string::npos);
}

TEST(Lateness, a_queue_of_a_millisecond_allows_fewer) {
  EXPECT_FALSE(too_late({.late_pct = 1}, link("shallow")));
  EXPECT_NE(too_late({.late_pct = 1.1}, link("shallow"))->find("more than 1 %"), std::string::npos);
}

TEST(Lateness, one_packet_may_be_late_by_a_round_trip) {
  EXPECT_TRUE(too_late({.most = 21ms}, link("noisy")));
  EXPECT_FALSE(too_late({.most = 39ms}, link("wan")));
  EXPECT_TRUE(too_late({.most = 41ms}, link("wan")));
}

}  // namespace
}  // namespace dlab::bench
