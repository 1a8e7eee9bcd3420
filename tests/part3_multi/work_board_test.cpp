// The board between many threads; runs under ThreadSanitizer too.

#include "part3_multi/work_board.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "common/base/random.hpp"
#include "common/storage/checkpointer.hpp"
#include "part3_multi/schedules.hpp"
#include "tests/part3_multi/board_steps.hpp"

namespace dlab::part3 {
namespace {

constexpr unsigned kConnections = 8;
constexpr std::uint64_t kSize = std::uint64_t{8} << 20U;
constexpr std::uint64_t kPiece = 3000;

struct Schedule {
  const char* name;
  std::function<std::unique_ptr<WorkBoard>(std::uint64_t most_bytes)> make;
};

void PrintTo(const Schedule& schedule, std::ostream* out) {
  *out << schedule.name;
}

class WorkBoardOfThreads : public testing::TestWithParam<Schedule> {
 protected:
  // A connection's life: brings what it gets in pieces. One piece in `luck` is its death: what the
  // task leaves undone goes back, and the connection comes again, or not if it `retires` and others
  // are left. `luck` 0: it never dies.
  void live(unsigned connection, TaskPtr task, std::uint64_t luck, bool retires) {
    base::SplitMix64 random(connection);
    while (task || (task = board_->claim(connection))) {
      while (const std::uint64_t wanted = board_->wanted(*task)) {
        if (luck != 0 && random.below(luck) == 0) {
          break;
        }
        const std::uint64_t bytes = std::min(wanted, kPiece);
        const std::uint64_t from = task->position;  // only this thread moves it
        board_->advance(*task, bytes);
        received_.add({from, from + bytes});
        bytes_ += bytes;
        if (window_) {
          write_in_order(*task);
        }
      }
      const bool is_dead = board_->wanted(*task) > 0;
      board_->close(task);
      task = nullptr;
      if (is_dead && retires && board_->retire(connection)) {
        return;
      }
    }
  }

  // As a sink does that writes in order: one thread at a time.
  void write_in_order(const Task& task) {
    const std::lock_guard lock(writing_);
    const auto missing = received_.missing({0, kSize});
    const std::uint64_t written = missing.empty() ? kSize : missing.front().begin;
    EXPECT_LE(task.asked.end, written + *window_) << "asked for too early";
    board_->allow_up_to(written + *window_);
  }

  void download(std::uint64_t luck, bool retires = false) {
    std::vector<std::jthread> threads;
    for (unsigned connection = 1; connection < kConnections; ++connection) {
      threads.emplace_back([=, this] { live(connection, nullptr, luck, retires); });
    }
    live(0, board_->open({{0, kSize}}, 0, {0, window_.value_or(kSize / kConnections)}), luck,
         retires);
  }

  std::optional<std::uint64_t> window_;  // of what is written in order
  std::mutex writing_;
  std::unique_ptr<WorkBoard> board_ = GetParam().make(kNoLimit);
  storage::Checkpointer received_{nullptr};
  std::atomic<std::uint64_t> bytes_ = 0;
};

TEST_P(WorkBoardOfThreads, every_byte_is_brought) {
  download(0);
  EXPECT_EQ(received_.total(), kSize);
  EXPECT_GE(bytes_, kSize);
}

TEST_P(WorkBoardOfThreads, every_byte_is_brought_though_connections_die) {
  download(20);
  EXPECT_EQ(received_.total(), kSize);
}

TEST_P(WorkBoardOfThreads, every_byte_is_brought_though_connections_die_for_good) {
  download(20, true);
  EXPECT_EQ(received_.total(), kSize);
}

TEST_P(WorkBoardOfThreads, the_last_connection_does_not_retire) {
  for (unsigned connection = 0; connection + 1 < kConnections; ++connection) {
    EXPECT_TRUE(board_->retire(connection));
  }
  EXPECT_FALSE(board_->retire(kConnections - 1));
  EXPECT_FALSE(board_->retire(kConnections - 1)) << "nor when it tries again";
}

// As a sink has it that writes in order.
TEST_P(WorkBoardOfThreads, within_a_window_every_byte_is_brought_though_connections_die) {
  window_ = 64 * kPiece;
  board_ = GetParam().make(most_bytes_within(*window_, kConnections));
  board_->allow_up_to(*window_);
  download(20);
  EXPECT_EQ(received_.total(), kSize);
}

TEST_P(WorkBoardOfThreads, within_a_window_every_byte_is_brought_though_they_die_for_good) {
  window_ = 64 * kPiece;
  board_ = GetParam().make(most_bytes_within(*window_, kConnections));
  board_->allow_up_to(*window_);
  download(20, true);
  EXPECT_EQ(received_.total(), kSize);
}

TEST_P(WorkBoardOfThreads, claims_wait_for_the_file_to_be_known) {
  std::atomic<unsigned> served = 0;
  std::vector<std::jthread> threads;
  for (unsigned connection = 1; connection < kConnections; ++connection) {
    threads.emplace_back(
        [this, connection, &served] { served += board_->claim(connection) != nullptr ? 1 : 0; });
  }
  board_->open({{0, kSize}}, 0, {0, 1});
  threads.clear();
  EXPECT_EQ(served, kConnections - 1);
}

TEST_P(WorkBoardOfThreads, the_end_frees_all_who_wait) {
  std::atomic<unsigned> freed = 0;
  std::vector<std::jthread> threads;
  for (unsigned connection = 0; connection < kConnections; ++connection) {
    threads.emplace_back(
        [this, connection, &freed] { freed += board_->claim(connection) == nullptr ? 1 : 0; });
  }
  board_->end();
  threads.clear();
  EXPECT_EQ(freed, kConnections);
}

const Schedule kSchedules[] = {
    {"divided",
     [](std::uint64_t most_bytes) {
       return std::make_unique<StaticSchedule>(kConnections, most_bytes);
     }},
    {"dynamic",
     [](std::uint64_t most_bytes) {
       return std::make_unique<DynamicSchedule>(
           kConnections, 0, [] { return 0.0; }, most_bytes);
     }},
};

INSTANTIATE_TEST_SUITE_P(Each, WorkBoardOfThreads, testing::ValuesIn(kSchedules),
                         [](const auto& each) { return std::string(each.param.name); });

}  // namespace
}  // namespace dlab::part3
