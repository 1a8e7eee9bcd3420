#include "common/base/wakeup.hpp"

#include <gtest/gtest.h>

#include <thread>

#include "common/base/poll.hpp"

namespace dlab::base {
namespace {

TEST(Wakeup, a_call_ends_a_wait_of_another_thread_and_each_one_after_it) {
  Wakeup wakeup;
  EXPECT_FALSE(poll_until(wakeup.fd(), POLLIN, TimePoint{}));
  std::jthread caller([&] { wakeup.call(); });
  EXPECT_TRUE(poll_until(wakeup.fd(), POLLIN, TimePoint::max()));
  EXPECT_TRUE(poll_until(wakeup.fd(), POLLIN, TimePoint{}));
}

}  // namespace
}  // namespace dlab::base
