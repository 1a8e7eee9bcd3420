#include "bench/runner/turn.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <vector>

#include "bench/runner/files.hpp"
#include "common/base/check.hpp"
#include "tests/bench/refused_calls.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

void say_nothing(const std::string&) {}

// Another process that holds the turn until it is killed.
class Holder {
 public:
  Holder(const fs::path& folder, const std::string& note) {
    std::array<int, 2> ready{};
    base::check(pipe2(ready.data(), O_CLOEXEC), "pipe", "of the holder");
    pid_ = base::check(fork(), "fork", "the holder");
    if (pid_ == 0) {
      const Turn turn(folder, say_nothing);
      turn.write_note(note);
      close(ready[1]);
      pause();
      _exit(0);
    }
    close(ready[1]);
    char none = 0;
    EXPECT_EQ(read(ready[0], &none, 1), 0);  // its end of the pipe is closed: it has the turn
    close(ready[0]);
  }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  ~Holder() { end(); }

  [[nodiscard]] std::string pid() const { return std::to_string(pid_); }
  void end() {
    if (pid_ > 0) {
      kill(pid_, SIGKILL);
      waitpid(std::exchange(pid_, -1), nullptr, 0);
    }
  }

 private:
  pid_t pid_ = -1;
};

class TurnTest : public testing::Test {
 protected:
  test::TempFolder folder_;
  fs::path lock_ = folder_ / "dlab-bench.turn";
};

TEST_F(TurnTest, nobody_waits_where_nobody_is) {
  const Turn turn(folder_.path(), [](const std::string& holder) { ADD_FAILURE() << holder; });
  EXPECT_EQ(turn.problem(), "");
}

TEST_F(TurnTest, the_next_one_is_told_who_has_it_and_has_it_once_that_one_is_killed) {
  Holder holder(folder_.path(), "alice: stages\n");
  const std::string pid = holder.pid();
  std::vector<std::string> told;
  const Turn turn(folder_.path(), [&](const std::string& line) {
    told.push_back(line);
    holder.end();
  });
  EXPECT_EQ(told, std::vector<std::string>{"pid " + pid + ", alice: stages"});
  EXPECT_EQ(turn.problem(), "");
}

TEST_F(TurnTest, a_note_brings_nothing_but_plain_characters_to_a_terminal) {
  Holder holder(folder_.path(), "\033[2Jalice\r\xc2\x9b\n");
  std::string told;
  const Turn turn(folder_.path(), [&](const std::string& line) {
    told = line;
    holder.end();
  });
  EXPECT_TRUE(told.ends_with(", ?[2Jalice???")) << told;
}

TEST_F(TurnTest, a_child_that_outlives_its_session_does_not_keep_the_turn) {
  auto first = std::make_unique<Turn>(folder_.path(), say_nothing);
  const pid_t child = base::check(fork(), "fork", "the child");
  if (child == 0) {
    pause();
    _exit(0);
  }
  first.reset();
  const Turn second(folder_.path(), [](const std::string& holder) { ADD_FAILURE() << holder; });
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  EXPECT_EQ(second.problem(), "");
}

TEST_F(TurnTest, everybody_may_lock_it_whatever_the_first_ones_umask_is) {
  const mode_t mask = umask(077);
  { const Turn turn(folder_.path(), say_nothing); }
  umask(mask);
  EXPECT_EQ(fs::status(lock_).permissions(), fs::perms{0666});
}

TEST_F(TurnTest, what_somebody_planted_there_is_neither_followed_nor_written) {
  const auto target = folder_.write("target", "precious");
  fs::create_symlink(target, lock_);
  {
    const Turn turn(folder_.path(), say_nothing);
    EXPECT_NE(turn.problem(), "");
  }
  EXPECT_EQ(read_file(target), "precious");
  fs::remove(lock_);
  fs::create_hard_link(target, lock_);
  EXPECT_NE(Turn(folder_.path(), say_nothing).problem(), "");
  EXPECT_EQ(read_file(target), "precious");
  fs::remove(lock_);
  ASSERT_EQ(mkfifo(lock_.c_str(), 0666), 0);
  EXPECT_NE(Turn(folder_.path(), say_nothing).problem(), "");
}

TEST_F(TurnTest, a_machine_that_refuses_locks_or_has_no_folder_for_them_has_no_turns) {
  EXPECT_NE(Turn(folder_ / "missing", say_nothing).problem(), "");
  const auto without_locks = [this] {
    test::refuse_calls({SYS_fcntl}, ENOLCK);
    const Turn turn(folder_.path(), say_nothing);
    _exit(turn.problem().find("No locks available") == std::string::npos ? 1 : 0);
  };
  EXPECT_EXIT(without_locks(), testing::ExitedWithCode(0), "");
}

TEST(DefaultTurnFolder, is_one_in_which_every_user_may_make_a_file) {
  struct stat about {};
  ASSERT_EQ(stat(default_turn_folder().c_str(), &about), 0);
  EXPECT_TRUE(default_turn_folder() == "/tmp" || (about.st_mode & S_ISVTX) != 0);
}

}  // namespace
}  // namespace dlab::bench
