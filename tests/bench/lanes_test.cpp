#include "bench/runner/lanes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <limits>
#include <stdexcept>

namespace dlab::bench {
namespace {

constexpr ExpectedLoad kSlow{1e6, 1};
constexpr ExpectedLoad kAlone{std::numeric_limits<double>::infinity(), 1};

void tell_nobody(std::span<const std::size_t>) {}

TEST(Lanes, every_run_is_made_once_and_no_lane_has_two_at_a_time) {
  constexpr std::size_t kRuns = 50;
  std::vector<std::atomic<int>> made(kRuns);
  std::vector<std::atomic<int>> in_lane(kLanes);
  std::atomic<bool> two = false;
  Lanes lanes(std::vector<ExpectedLoad>(kRuns, kSlow), [&](std::size_t index, std::size_t lane) {
    two = two || ++in_lane.at(lane) > 1;
    ++made[index];
    --in_lane.at(lane);
  });
  for (std::size_t index = 0; index < kRuns; ++index) {
    lanes.wait_for(index, tell_nobody);
    EXPECT_EQ(made[index], 1);
  }
  EXPECT_FALSE(two);
}

TEST(Lanes, slow_runs_are_made_at_the_same_time) {
  std::latch all_are_here(kLanes);
  Lanes lanes(std::vector<ExpectedLoad>(kLanes, kSlow),
              [&](std::size_t, std::size_t) { all_are_here.arrive_and_wait(); });
  for (std::size_t index = 0; index < kLanes; ++index) {
    lanes.wait_for(index, tell_nobody);
  }
}

TEST(Lanes, one_that_has_to_be_alone_is_alone) {
  std::atomic<int> running = 0;
  std::atomic<int> seen_beside = 0;
  const std::vector<ExpectedLoad> turns{kSlow, kSlow, kAlone, kAlone, kSlow, kSlow};
  Lanes lanes(turns, [&](std::size_t index, std::size_t) {
    const int others = running++;
    if (turns[index].bits_per_second == kAlone.bits_per_second) {
      seen_beside += others;
    }
    --running;
  });
  for (std::size_t index = 0; index < turns.size(); ++index) {
    lanes.wait_for(index, tell_nobody);
  }
  EXPECT_EQ(seen_beside, 0);
}

TEST(Lanes, what_a_run_throws_reaches_whoever_waits_for_it) {
  Lanes lanes({kSlow, kSlow}, [](std::size_t index, std::size_t) {
    if (index == 0) {
      throw std::runtime_error("no");
    }
  });
  EXPECT_THROW(lanes.wait_for(0, tell_nobody), std::runtime_error);
  EXPECT_NO_THROW(lanes.wait_for(1, tell_nobody));
}

TEST(Lanes, who_leaves_early_waits_for_what_has_begun_and_begins_nothing_else) {
  std::atomic<int> begun = 0;
  std::atomic<int> ended = 0;
  {
    Lanes lanes(std::vector<ExpectedLoad>(100, kAlone), [&](std::size_t index, std::size_t) {
      ++begun;
      if (index == 0) {
        throw std::runtime_error("no");
      }
      ++ended;
    });
    EXPECT_THROW(lanes.wait_for(0, tell_nobody), std::runtime_error);
  }
  EXPECT_EQ(begun, ended + 1);
}

TEST(Lanes, tells_what_is_under_way) {
  std::latch told(1);
  Lanes lanes({kSlow, kSlow}, [&](std::size_t, std::size_t) { told.wait(); });
  std::vector<std::size_t> under_way;
  for (const std::size_t index : {0, 1}) {
    lanes.wait_for(index, [&](std::span<const std::size_t> running) {
      if (running.size() == 2 && under_way.empty()) {
        under_way.assign(running.begin(), running.end());
        told.count_down();
      }
    });
  }
  std::ranges::sort(under_way);
  EXPECT_EQ(under_way, (std::vector<std::size_t>{0, 1}));
}

}  // namespace
}  // namespace dlab::bench
