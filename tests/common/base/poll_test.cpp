#include "common/base/poll.hpp"

#include <gtest/gtest.h>
#include <sys/eventfd.h>

#include <array>

#include "common/base/file_descriptor.hpp"
#include "tests/common/support/interruptions.hpp"

namespace dlab::base {
namespace {

using namespace std::chrono_literals;

FileDescriptor event(unsigned value) {
  return FileDescriptor(::eventfd(value, EFD_CLOEXEC));
}

TEST(Poll, what_is_ready_is_told_though_the_moment_has_passed) {
  const auto ready = event(1);
  const auto not_ready = event(0);
  EXPECT_TRUE(poll_until(ready.get(), POLLIN, TimePoint{}));
  EXPECT_FALSE(poll_until(not_ready.get(), POLLIN, TimePoint{}));
  std::array<pollfd, 2> both{{{not_ready.get(), POLLIN, 0}, {ready.get(), POLLIN, 0}}};
  EXPECT_EQ(poll_until(both, TimePoint::max()), 1U);
  EXPECT_EQ(both[0].revents, 0);
  EXPECT_EQ(both[1].revents, POLLIN);
}

TEST(Poll, a_wait_that_is_interrupted_again_and_again_ends_at_its_moment) {
  const auto never = event(0);
  const test::Interruptions interruptions;
  const auto until = Clock::now() + 20ms;
  EXPECT_FALSE(poll_until(never.get(), POLLIN, until));
  EXPECT_GE(Clock::now(), until);
}

}  // namespace
}  // namespace dlab::base
