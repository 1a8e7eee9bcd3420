#include "bench/runner/scratch.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <fstream>
#include <thread>
#include <vector>

#include "bench/runner/files.hpp"
#include "tests/bench/refused_calls.hpp"
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

TEST_F(ScratchTest, a_link_in_the_place_of_an_abandoned_lock_is_not_followed) {
  const fs::path left = memory_ / "dlab-bench-planted";
  fs::create_directory(left);
  fs::create_symlink(memory_ / "made", left / "lock");
  const Scratch scratch(1, "/nowhere", memory_);
  EXPECT_FALSE(fs::exists(memory_ / "made"));
}

TEST_F(ScratchTest, needs_no_locks) {
  const auto without_locks = [this] {
    test::refuse_calls({SYS_flock}, ENOLCK);
    const Scratch scratch(1, "/nowhere", memory_);
    _exit(fs::exists(scratch.folder() / "lock") ? 0 : 1);
  };
  EXPECT_EXIT(without_locks(), testing::ExitedWithCode(0), "");
}

TEST(ScratchFallback, has_no_characters_that_a_configuration_file_may_give_a_meaning) {
  EXPECT_EQ(scratch_fallback("/home/a/lab/results/20260131T120000Z-a+b"),
            "/home/a/lab/results/20260131T120000Z-a+b");
  for (const char* results : {"/my results", "/a;b", "/o'brien", "/{x}", "/$x", "/#1", "/a\"b"}) {
    EXPECT_EQ(scratch_fallback(results), "/var/tmp") << results;
  }
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
