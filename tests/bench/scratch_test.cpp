#include "bench/runner/scratch.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <thread>
#include <vector>

#include "bench/runner/files.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

// In the place of /dev/shm a folder that no other test knows.
class ScratchTest : public testing::Test {
 protected:
  test::TempFolder parent_;
  fs::path memory_ = parent_.path();
};

TEST_F(ScratchTest, is_gone_with_what_lies_in_it) {
  {
    const Scratch scratch(1, "/nowhere", memory_);
    EXPECT_EQ(scratch.folder().parent_path(), memory_);
    write_file(scratch.folder() / "output", "bytes");
  }
  EXPECT_TRUE(fs::is_empty(memory_));
}

TEST_F(ScratchTest, lies_in_the_fallback_where_memory_has_no_room) {
  const fs::path fallback = memory_ / "fallback";
  fs::create_directory(fallback);
  const Scratch scratch(std::uint64_t{1} << 60U, fallback, memory_);
  EXPECT_EQ(scratch.folder().parent_path(), fallback);
}

TEST_F(ScratchTest, what_a_killed_runner_left_is_removed) {
  const fs::path left = memory_ / "dlab-bench-killed";
  fs::create_directory(left);
  write_file(left / "lock", "");
  write_file(left / "bytes", "a served file");
  const Scratch scratch(1, "/nowhere", memory_);
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(ScratchTest, what_was_left_in_the_middle_of_a_removal_is_removed) {
  const fs::path left = memory_ / "dlab-bench-killed";
  fs::create_directory(left);
  write_file(left / "bytes", "a served file");
  const Scratch scratch(1, "/nowhere", memory_);
  EXPECT_FALSE(fs::exists(left));
}

TEST_F(ScratchTest, what_other_programs_left_stays) {
  const fs::path other = memory_ / "other";
  fs::create_directory(other);
  write_file(other / "lock", "");
  const Scratch scratch(1, "/nowhere", memory_);
  EXPECT_TRUE(fs::exists(other));
}

TEST_F(ScratchTest, of_a_runner_at_work_stays) {
  const Scratch first(1, "/nowhere", memory_);
  const Scratch second(1, "/nowhere", memory_);
  EXPECT_TRUE(fs::exists(first.folder()));
}

// Each one that starts looks for abandoned folders while others are just being made.
TEST_F(ScratchTest, runners_that_start_together_leave_one_another_alone) {
  constexpr int kRunners = 8;
  std::vector<std::jthread> runners;
  for (int runner = 0; runner < kRunners; ++runner) {
    runners.emplace_back([this] {
      for (int round = 0; round < 200; ++round) {
        const Scratch scratch(1, "/nowhere", memory_);
        std::ofstream file(scratch.folder() / "bytes");
        EXPECT_TRUE(file.is_open()) << scratch.folder();
      }
    });
  }
}

}  // namespace
}  // namespace dlab::bench
