#include "common/net/poller.hpp"

#include <gtest/gtest.h>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::net {
namespace {

const auto kFarAway = base::TimePoint::max();

TEST(Poller, what_is_ready_is_told_with_its_key) {
  Poller poller;
  test::StreamPair first;
  test::StreamPair second;
  poller.add(first.server.fd(), EPOLLIN, 7);
  poller.add(second.server.fd(), EPOLLIN, 8);
  second.client.send_all(test::raw("x"));
  const auto events = poller.wait(kFarAway);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data.u64, 8U);
  EXPECT_EQ(events[0].events, static_cast<std::uint32_t>(EPOLLIN));
}

TEST(Poller, a_moment_that_has_passed_is_not_waited_for) {
  Poller poller;
  EXPECT_TRUE(poller.wait(base::TimePoint{}).empty());
}

TEST(Poller, a_moment_to_come_is_waited_for) {
  Poller poller;
  const auto until = base::Clock::now() + std::chrono::milliseconds(5);
  EXPECT_TRUE(poller.wait(until).empty());
  EXPECT_GE(base::Clock::now(), until);
}

TEST(Poller, what_was_removed_is_told_no_more) {
  Poller poller;
  test::StreamPair pair;
  pair.client.send_all(test::raw("x"));
  poller.add(pair.server.fd(), EPOLLIN, 1);
  EXPECT_EQ(poller.wait(kFarAway).size(), 1U);
  poller.remove(pair.server.fd());
  EXPECT_TRUE(poller.wait(base::TimePoint{}).empty());
}

TEST(Poller, edge_triggered_tells_a_change_once) {
  Poller poller;
  test::StreamPair pair;
  pair.client.send_all(test::raw("x"));
  poller.add(pair.server.fd(), EPOLLIN | EPOLLET, 1);
  EXPECT_EQ(poller.wait(kFarAway).size(), 1U);
  EXPECT_TRUE(poller.wait(base::TimePoint{}).empty());
  pair.client.send_all(test::raw("x"));
  EXPECT_EQ(poller.wait(kFarAway).size(), 1U);
}

TEST(Poller, what_was_changed_is_told_of_its_new_events_with_its_new_key) {
  Poller poller;
  test::StreamPair pair;
  pair.client.send_all(test::raw("x"));
  poller.add(pair.server.fd(), EPOLLIN, 1);
  poller.change(pair.server.fd(), EPOLLOUT, 2);
  const auto events = poller.wait(kFarAway);
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data.u64, 2U);
  EXPECT_EQ(events[0].events, static_cast<std::uint32_t>(EPOLLOUT));
}

TEST(Poller, no_more_is_told_at_once_than_was_asked_for_and_the_rest_next) {
  Poller poller;
  test::StreamPair first;
  test::StreamPair second;
  poller.add(first.server.fd(), EPOLLOUT, 1);
  poller.add(second.server.fd(), EPOLLOUT, 2);
  std::uint64_t sum = 0;
  for (int turn = 0; turn < 2; ++turn) {
    const auto events = poller.wait(kFarAway, 1);
    ASSERT_EQ(events.size(), 1U);
    sum += events[0].data.u64;
  }
  EXPECT_EQ(sum, 3U);
}

TEST(Poller, what_cannot_be_watched_is_said) {
  Poller poller;
  EXPECT_THROW(poller.add(-1, EPOLLIN, 1), std::system_error);
  EXPECT_THROW(poller.change(-1, EPOLLIN, 1), std::system_error);
}

}  // namespace
}  // namespace dlab::net
