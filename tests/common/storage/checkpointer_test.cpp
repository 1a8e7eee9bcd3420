#include "common/storage/checkpointer.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "common/base/clock.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

constexpr std::uint64_t kMiB = std::uint64_t{1} << 20U;
using Ranges = std::vector<ByteRange>;

class CheckpointerOfAFile : public testing::Test {
 protected:
  [[nodiscard]] bool has_record() const { return folder_.has("a.part.dlab"); }
  [[nodiscard]] std::optional<ControlRecord> record() const {
    return load_control(folder_ / "a.part.dlab");
  }
  [[nodiscard]] ControlRecord fresh(Ranges received = {}) const {
    return {.name = "a", .size = 1000 * kMiB, .version = 7, .received = std::move(received)};
  }

  test::TempFolder folder_;
  PartFile part_{folder_ / "a", PartFile::Leftovers::discard};
};

TEST(Checkpointer, counts_each_byte_once) {
  Checkpointer received(nullptr);
  EXPECT_EQ(received.add({0, 10}), 10U);
  EXPECT_EQ(received.add({5, 15}), 5U);
  EXPECT_EQ(received.add({5, 15}), 0U);
  EXPECT_EQ(received.total(), 15U);
}

TEST(Checkpointer, knows_what_is_missing) {
  Checkpointer received(nullptr);
  received.start({.name = "a", .size = 100, .version = 7, .received = {{0, 10}, {50, 60}}});
  received.add({90, 100});
  EXPECT_EQ(received.total(), 30U);
  EXPECT_EQ(received.missing({0, 100}), (Ranges{{10, 50}, {60, 90}}));
}

TEST(Checkpointer, without_a_part_file_keeps_nothing) {
  Checkpointer received(nullptr);
  received.start({.name = "a", .size = 100, .version = 7});
  received.add({0, 100});
  received.stop();
  EXPECT_FALSE(received.save());
  received.forget();
}

TEST_F(CheckpointerOfAFile, the_last_record_says_what_has_come) {
  Checkpointer received(&part_);
  received.start(fresh());
  received.add({0, 10});
  received.add({20, 30});
  received.stop();
  EXPECT_TRUE(received.save());
  EXPECT_EQ(record(), fresh({{0, 10}, {20, 30}}));
  EXPECT_GT(received.fsync_seconds(), 0);
}

TEST_F(CheckpointerOfAFile, a_mirror_noted_later_is_in_the_next_record) {
  ControlRecord expected{.name = "a", .size = 100, .mirrors = {{"one:1", 7}}};
  Checkpointer received(&part_);
  received.start(expected);
  received.note_mirror("two:2", 8);
  received.add({0, 10});
  received.stop();
  EXPECT_TRUE(received.save());
  expected.mirrors["two:2"] = 8;
  expected.received = {{0, 10}};
  EXPECT_EQ(record(), expected);
}

TEST_F(CheckpointerOfAFile, nothing_is_saved_while_nothing_has_come) {
  Checkpointer received(&part_);
  received.stop();
  EXPECT_FALSE(received.save()) << "before the file is known";
  Checkpointer started(&part_);
  started.start(fresh());
  started.stop();
  EXPECT_FALSE(started.save());
  EXPECT_FALSE(has_record());
}

TEST_F(CheckpointerOfAFile, a_resumption_that_brings_nothing_new_writes_no_record_but_has_one) {
  Checkpointer received(&part_);
  received.start(fresh({{0, 10}}));
  received.stop();
  EXPECT_TRUE(received.save());
  EXPECT_FALSE(has_record()) << "the one it was started from stands already";
  EXPECT_EQ(received.fsync_seconds(), 0);
}

TEST_F(CheckpointerOfAFile, a_record_is_written_by_itself_after_64_MiB) {
  Checkpointer received(&part_);
  received.start(fresh());
  received.add({0, 64 * kMiB});
  const auto deadline = base::Deadline::after(std::chrono::seconds(20));
  while (!has_record() && !deadline.passed()) {
    std::this_thread::yield();
  }
  EXPECT_EQ(record(), fresh({{0, 64 * kMiB}}));
}

TEST_F(CheckpointerOfAFile, forgetting_removes_the_record) {
  Checkpointer received(&part_);
  received.start(fresh());
  received.add({0, 10});
  received.stop();
  received.save();
  received.forget();
  EXPECT_FALSE(has_record());
  received.forget();
}

// The folder of the part file is gone: nothing can be made in it.
TEST_F(CheckpointerOfAFile, a_disk_that_refuses_the_record_leaves_nothing_to_go_on_from) {
  Checkpointer received(&part_);
  received.start(fresh());
  received.add({0, 10});
  received.stop();
  std::filesystem::remove_all(folder_.path());
  EXPECT_FALSE(received.save());
}

TEST_F(CheckpointerOfAFile, a_disk_that_refuses_the_record_leaves_the_older_one_true) {
  Checkpointer received(&part_);
  received.start(fresh({{0, 10}}));
  received.add({10, 20});
  received.stop();
  std::filesystem::remove_all(folder_.path());
  EXPECT_TRUE(received.save());
}

TEST_F(CheckpointerOfAFile, many_threads_add_while_records_are_written) {
  const int threads_before = test::running_threads();
  {
    Checkpointer received(&part_);
    received.start(fresh());
    {
      std::vector<std::jthread> threads;
      for (std::uint64_t thread = 0; thread < 4; ++thread) {
        threads.emplace_back([&received, thread] {
          for (std::uint64_t i = thread; i < 200; i += 4) {
            received.add({i * kMiB, (i + 1) * kMiB});
          }
        });
      }
    }
    received.stop();
    EXPECT_TRUE(received.save());
    EXPECT_EQ(received.total(), 200 * kMiB);
  }
  EXPECT_EQ(record(), fresh({{0, 200 * kMiB}}));
  EXPECT_EQ(test::running_threads(), threads_before);
}

}  // namespace
}  // namespace dlab::storage
