#include "common/net/open_streams.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::net {
namespace {

bool has_ended(TcpStream& stream) {
  std::vector<std::byte> buffer(1);
  return stream.receive_some(buffer) == 0;
}

TEST(OpenStreams, shutting_down_ends_all_that_are_open) {
  OpenStreams open;
  test::StreamPair first;
  test::StreamPair second;
  const OpenStreams::Entry one(open, first.server);
  const OpenStreams::Entry two(open, second.server);
  EXPECT_FALSE(open.are_ended());
  open.shut_down_all();
  EXPECT_TRUE(open.are_ended());
  EXPECT_TRUE(has_ended(first.client));
  EXPECT_TRUE(has_ended(second.client));
}

TEST(OpenStreams, one_that_opens_after_the_shutdown_ends_at_once) {
  OpenStreams open;
  open.shut_down_all();
  test::StreamPair pair;
  const OpenStreams::Entry entry(open, pair.server);
  EXPECT_TRUE(has_ended(pair.client));
}

TEST(OpenStreams, one_that_has_left_is_not_touched) {
  OpenStreams open;
  test::StreamPair pair;
  { const OpenStreams::Entry entry(open, pair.server); }
  open.shut_down_all();
  pair.server.send_all(test::raw("x"));
  EXPECT_FALSE(has_ended(pair.client));
}

TEST(OpenStreams, waiting_for_an_end_is_over_when_one_ends) {
  OpenStreams open;
  test::StreamPair pair;
  auto entry = std::make_unique<OpenStreams::Entry>(open, pair.server);
  std::atomic<bool> over = false;
  std::jthread waiter([&] {
    open.wait_until_none();
    over = true;
  });
  EXPECT_FALSE(over);
  entry.reset();
  waiter.join();
  EXPECT_TRUE(over);
}

TEST(OpenStreams, a_shutdown_ends_the_wait_for_an_end) {
  OpenStreams open;
  const std::jthread waiter([&] { open.wait_for_an_end(std::chrono::hours(1)); });
  open.shut_down_all();
}

TEST(OpenStreams, many_threads_may_open_and_end) {
  OpenStreams open;
  test::StreamPair pair;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&] {
        for (int round = 0; round < 500; ++round) {
          const OpenStreams::Entry entry(open, pair.server);
        }
      });
    }
  }
  open.wait_until_none();
}

}  // namespace
}  // namespace dlab::net
