#include "bench/runner/limited_by.hpp"

#include <gtest/gtest.h>

namespace dlab::bench {
namespace {

// Ten seconds on a link of 100 Mbit/s, almost all of them steady.
Evidence on_a_link(double steady_mbit_s) {
  Evidence e;
  e.duration_s = 10;
  e.startup_s = 0.5;
  e.tail_s = 0.1;
  e.steady_mbit_s = steady_mbit_s;
  e.capacity_mbit_s = 96.5;
  e.link_busy_s = steady_mbit_s / e.capacity_mbit_s * e.duration_s;
  e.busy_s = 9.5;
  return e;
}

TEST(LimitedBy, a_link_that_is_used_up_is_full) {
  EXPECT_EQ(limited_by(on_a_link(96)), "link full");
  EXPECT_EQ(limited_by(on_a_link(80)), "congestion window");
}

TEST(LimitedBy, bytes_that_came_at_once_behind_a_hole_fill_no_link) {
  auto e = on_a_link(96);
  e.loss_events = 60;
  e.link_busy_s = 4;
  EXPECT_EQ(limited_by(e), "loss");
  e.startup_s = 3;
  e.tail_s = 3;
  EXPECT_EQ(limited_by(e), "link full") << "for as long as the steady phase";
}

TEST(LimitedBy, a_link_that_others_fill_too_is_cross_traffic) {
  auto e = on_a_link(50);
  e.link_busy_s = 9.9;
  e.bystander_mbit_s = 46;
  EXPECT_EQ(limited_by(e), "cross traffic");
  e.bystander_mbit_s = 5;
  EXPECT_EQ(limited_by(e), "congestion window");
}

TEST(LimitedBy, losses_hold_a_flow_below_the_link) {
  auto e = on_a_link(7);
  e.loss_events = 60;
  EXPECT_EQ(limited_by(e), "loss");
}

TEST(LimitedBy, a_slow_first_half_is_no_start_up_where_losses_made_it) {
  auto e = on_a_link(7);
  e.startup_s = 6;
  e.connections = 2;
  e.loss_events = 2;
  EXPECT_EQ(limited_by(e), "start-up");
  e.loss_events = 3;
  EXPECT_EQ(limited_by(e), "loss");
}

TEST(LimitedBy, a_full_link_loses_too_and_is_full_all_the_same) {
  auto e = on_a_link(95);
  e.loss_events = 60;
  EXPECT_EQ(limited_by(e), "link full");
}

TEST(LimitedBy, a_cap_counts_for_each_connection) {
  auto e = on_a_link(48);
  e.server_cap_mbit_s = 10;
  e.connections = 5;
  EXPECT_EQ(limited_by(e), "server cap");
  e.connections = 8;
  EXPECT_EQ(limited_by(e), "congestion window");
}

TEST(LimitedBy, the_larger_of_the_two_buffers_is_named) {
  auto e = on_a_link(40);
  e.rwnd_limited_s = 8;
  e.sndbuf_limited_s = 1;
  EXPECT_EQ(limited_by(e), "receive window");
  e.sndbuf_limited_s = 9;
  EXPECT_EQ(limited_by(e), "send buffer");
  e.rwnd_limited_s = 1;
  e.sndbuf_limited_s = 2;  // of 9.5 s: not enough to blame
  EXPECT_EQ(limited_by(e), "congestion window");
}

TEST(LimitedBy, the_longest_phase_decides_first) {
  auto e = on_a_link(96);
  e.startup_s = 6;
  EXPECT_EQ(limited_by(e), "start-up");
  e.startup_s = 1;
  e.tail_s = 6;
  EXPECT_EQ(limited_by(e), "straggler's tail");
}

TEST(LimitedBy, a_busy_core_is_named_by_whose_it_is) {
  auto e = on_a_link(40);
  e.client_cpu_s = 9;
  EXPECT_EQ(limited_by(e), "receiver");
  e.server_cpu_s = 9.5;
  EXPECT_EQ(limited_by(e), "CPU");
}

TEST(LimitedBy, loopback_is_the_machine) {
  auto e = on_a_link(20000);
  e.capacity_mbit_s = 0;
  EXPECT_EQ(limited_by(e), "CPU");
  e.client_cpu_s = 9.9;
  EXPECT_EQ(limited_by(e), "receiver");
}

}  // namespace
}  // namespace dlab::bench
