#include "common/base/bounded_buffer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/common/support/spent.hpp"

namespace dlab::base {
namespace {

std::exception_ptr trouble(const std::string& what) {
  return std::make_exception_ptr(std::runtime_error(what));
}

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

TEST(BoundedBuffer, items_come_out_in_the_order_they_went_in) {
  BoundedBuffer<int> buffer(3);
  EXPECT_TRUE(buffer.push(1));
  EXPECT_TRUE(buffer.push(2));
  EXPECT_EQ(buffer.pop(), 1);
  EXPECT_TRUE(buffer.push(3));
  EXPECT_EQ(buffer.pop(), 2);
  EXPECT_EQ(buffer.pop(), 3);
}

TEST(BoundedBuffer, items_need_only_be_movable) {
  BoundedBuffer<std::unique_ptr<int>> buffer(1);
  buffer.push(std::make_unique<int>(5));
  EXPECT_EQ(**buffer.pop(), 5);
}

TEST(BoundedBuffer, closing_lets_the_consumer_drain_what_is_left) {
  BoundedBuffer<int> buffer(3);
  buffer.push(1);
  buffer.push(2);
  buffer.close();
  buffer.close();
  EXPECT_FALSE(buffer.push(3));
  EXPECT_EQ(buffer.pop(), 1);
  EXPECT_EQ(buffer.pop(), 2);
  EXPECT_FALSE(buffer.pop());
  EXPECT_FALSE(buffer.pop());
}

TEST(BoundedBuffer, failing_crosses_both_ways_and_the_first_error_stays) {
  BoundedBuffer<int> buffer(3);
  buffer.push(1);
  buffer.fail(trouble("disk full"));
  buffer.fail(trouble("something else"));
  EXPECT_EQ(error_of([&] { buffer.pop(); }), "disk full");
  EXPECT_EQ(error_of([&] { buffer.push(2); }), "disk full");
  EXPECT_EQ(error_of([&] { buffer.pop(); }), "disk full");
}

TEST(BoundedBuffer, failing_after_closing_is_still_heard) {
  BoundedBuffer<int> buffer(1);
  buffer.close();
  buffer.fail(trouble("disk full"));
  EXPECT_EQ(error_of([&] { buffer.pop(); }), "disk full");
}

TEST(BoundedBuffer, closing_wakes_every_consumer) {
  BoundedBuffer<int> buffer(1);
  std::atomic<int> ended = 0;
  {
    std::vector<std::jthread> consumers;
    for (int i = 0; i < 4; ++i) {
      consumers.emplace_back([&] { ended += buffer.pop() ? 0 : 1; });
    }
    buffer.close();
  }
  EXPECT_EQ(ended, 4);
}

TEST(BoundedBuffer, closing_wakes_every_producer_of_a_full_buffer) {
  BoundedBuffer<int> buffer(1);
  buffer.push(0);
  std::atomic<int> refused = 0;
  {
    std::vector<std::jthread> producers;
    for (int i = 0; i < 4; ++i) {
      producers.emplace_back([&] { refused += buffer.push(1) ? 0 : 1; });
    }
    buffer.close();
  }
  EXPECT_EQ(refused, 4);
  EXPECT_EQ(buffer.pop(), 0);
  EXPECT_FALSE(buffer.pop());
}

TEST(BoundedBuffer, failing_wakes_both_sides) {
  BoundedBuffer<int> full(1);
  full.push(0);
  BoundedBuffer<int> empty(1);
  std::string producer_saw;
  std::string consumer_saw;
  {
    const std::jthread producer([&] { producer_saw = error_of([&] { full.push(1); }); });
    const std::jthread consumer([&] { consumer_saw = error_of([&] { empty.pop(); }); });
    full.fail(trouble("consumer died"));
    empty.fail(trouble("producer died"));
  }
  EXPECT_EQ(producer_saw, "consumer died");
  EXPECT_EQ(consumer_saw, "producer died");
}

// What goes through a buffer with several threads at each end.
struct Crowd {
  explicit Crowd(std::size_t capacity) : buffer(capacity) {}

  void produce(int items) {
    for (int i = 1; i <= items; ++i) {
      buffer.push(i);
      ++pushes_done;
      look();
    }
  }
  void consume() {
    for (;;) {
      ++pops_begun;
      const auto item = buffer.pop();
      if (!item) {
        return;
      }
      sum += *item;
      ++taken;
    }
  }
  // Items pushed and not yet asked for lie in the buffer: never more than fit.
  void look() {
    const auto in = pushes_done.load();
    const auto out = pops_begun.load();
    overfull += in > out + static_cast<long>(buffer.capacity()) ? 1 : 0;
  }

  BoundedBuffer<int> buffer;
  std::atomic<long> pushes_done = 0, pops_begun = 0, sum = 0, taken = 0, overfull = 0;
};

void run_crowd(Crowd& crowd, int producers, int consumers, int items_each) {
  std::vector<std::jthread> taking;
  for (int i = 0; i < consumers; ++i) {
    taking.emplace_back([&] { crowd.consume(); });
  }
  std::vector<std::jthread> giving;
  for (int i = 0; i < producers; ++i) {
    giving.emplace_back([&, items_each] { crowd.produce(items_each); });
  }
  giving.clear();
  crowd.buffer.close();
}

// A lost wake-up leaves both sides waiting, and the test runs into its deadline.
TEST(BoundedBuffer, no_item_is_lost_or_doubled_and_no_wake_up_either) {
  const int threads = test::running_threads();
  for (const std::size_t capacity : {1U, 2U, 7U}) {
    Crowd crowd(capacity);
    run_crowd(crowd, 4, 3, 1000);
    EXPECT_EQ(crowd.taken, 4'000);
    EXPECT_EQ(crowd.sum, 4L * 1000 * 1001 / 2);
    EXPECT_EQ(crowd.overfull, 0);
  }
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(BoundedBuffer, one_producer_and_one_consumer_keep_the_order) {
  BoundedBuffer<int> buffer(2);
  const std::jthread producer([&] {
    for (int i = 0; i < 10'000; ++i) {
      buffer.push(i);
    }
    buffer.close();
  });
  int expected = 0;
  while (const auto item = buffer.pop()) {
    ASSERT_EQ(*item, expected++);
  }
  EXPECT_EQ(expected, 10'000);
}

}  // namespace
}  // namespace dlab::base
