#include "part1_single/pipeline.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/numbers.hpp"
#include "tests/common/support/spent.hpp"

namespace dlab::part1 {
namespace {

// Brings `text` in pieces of changing size.
class Source {
 public:
  explicit Source(std::string text) : text_(std::move(text)) {}

  std::size_t operator()(std::span<std::byte> buffer) {
    ++calls;
    largest_buffer = std::max(largest_buffer, buffer.size());
    const std::size_t count =
        std::min({buffer.size(), text_.size() - position_, 1 + calls % buffer.size()});
    std::ranges::copy(test::raw(text_).subspan(position_, count), buffer.begin());
    position_ += count;
    return count;
  }
  std::size_t calls = 0;
  std::size_t largest_buffer = 0;

 private:
  std::string text_;
  std::size_t position_ = 0;
};

// Puts what comes together, and looks that it comes in order.
struct Target {
  void operator()(std::uint64_t offset, std::span<const std::byte> data) {
    EXPECT_EQ(offset, text.size());
    EXPECT_FALSE(data.empty());
    text += test::text(data);
    blocks.insert(data.data());
  }
  std::string text;
  std::set<const std::byte*> blocks;
};

const std::string kNumbers = test::numbers(24'000);

class Pipelines : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::threads_left(threads_), threads_); }
  int threads_ = test::running_threads();
};

TEST_F(Pipelines, one_thread_brings_every_byte_in_order) {
  Source source(kNumbers);
  Target target;
  run_in_turn(100, std::ref(source), std::ref(target));
  EXPECT_EQ(target.text, kNumbers);
  EXPECT_EQ(source.largest_buffer, 100U);
}

TEST_F(Pipelines, two_threads_bring_every_byte_in_order) {
  for (const std::size_t blocks : {1U, 2U, 5U}) {
    Source source(kNumbers);
    Target target;
    run_pipelined(blocks, 100, std::ref(source), std::ref(target));
    EXPECT_EQ(target.text, kNumbers);
    EXPECT_LE(target.blocks.size(), blocks);  // the memory goes round
  }
}

TEST_F(Pipelines, nothing_to_receive_is_nothing_to_process) {
  Source source("");
  Target target;
  run_in_turn(100, std::ref(source), std::ref(target));
  run_pipelined(3, 100, std::ref(source), std::ref(target));
  EXPECT_EQ(target.text, "");
}

TEST_F(Pipelines, the_second_thread_processes) {
  Source source("some bytes");
  auto processed_by = std::this_thread::get_id();
  run_pipelined(2, 100, std::ref(source), [&](std::uint64_t, std::span<const std::byte>) {
    processed_by = std::this_thread::get_id();
  });
  EXPECT_NE(processed_by, std::this_thread::get_id());
}

std::string error_of(const ReceiveSome& receive, const Process& process) {
  try {
    run_pipelined(2, 10, receive, process);
  } catch (const std::runtime_error& error) {
    return error.what();
  }
  return "no error";
}

const ReceiveSome kEndless = [](std::span<std::byte> buffer) {
  return buffer.size();
};

TEST_F(Pipelines, an_error_of_the_receiver_ends_both_and_is_rethrown) {
  int calls = 0;
  const ReceiveSome breaks = [&](std::span<std::byte> buffer) {
    if (++calls > 20) {
      throw std::runtime_error("connection reset");
    }
    return buffer.size();
  };
  EXPECT_EQ(error_of(breaks, [](auto, auto) {}), "connection reset");
}

TEST_F(Pipelines, an_error_of_the_processor_ends_both_and_is_rethrown) {
  const Process breaks = [](std::uint64_t offset, auto) {
    if (offset >= 200) {
      throw std::runtime_error("disk full");
    }
  };
  EXPECT_EQ(error_of(kEndless, breaks), "disk full");
}

TEST_F(Pipelines, the_processors_own_error_comes_before_its_echo) {
  for (int round = 0; round < 50; ++round) {
    const Process breaks = [](auto, auto) {
      throw std::runtime_error("disk full");
    };
    ASSERT_EQ(error_of(kEndless, breaks), "disk full");
  }
}

TEST_F(Pipelines, one_thread_passes_errors_on_as_well) {
  EXPECT_THROW(run_in_turn(10, kEndless, [](auto, auto) { throw std::runtime_error("full"); }),
               std::runtime_error);
}

}  // namespace
}  // namespace dlab::part1
