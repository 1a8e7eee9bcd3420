#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <vector>

#include "bench/runner/memory.hpp"
#include "bench/runner/process.hpp"
#include "tests/bench/data_files.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

class LauncherTest : public testing::Test {
 protected:
  ProcessSpec spec(std::vector<std::string> arguments, std::vector<int> cpus = {}) {
    return {std::move(arguments), files_.folder(), files_.folder() / "out", files_.folder() / "err",
            std::move(cpus)};
  }
  ProcessResult run(const ProcessSpec& what) {
    std::vector<Process> processes;
    processes.emplace_back(DLAB_BIN "/dlab_launch", what);
    EXPECT_TRUE(wait_all(processes, base::Deadline::after(20s)));
    return processes.front().result();
  }
  [[nodiscard]] std::string said() const { return read_file(files_.folder() / "out"); }

  DataFiles files_;
};

TEST_F(LauncherTest, a_programs_end_and_time_are_told) {
  const auto result = run(spec({"/bin/sh", "-c", "exit 3"}));
  EXPECT_EQ(result.how(), "exit code 3");
  EXPECT_FALSE(result.succeeded());
  EXPECT_GT(result.exit_ns, result.spawn_ns);
}

TEST_F(LauncherTest, a_signal_is_told_by_name) {
  EXPECT_EQ(run(spec({"/bin/sh", "-c", "kill -9 $$"})).how(), "signal 9 (Killed)");
}

TEST_F(LauncherTest, a_program_that_cannot_be_started_says_why) {
  EXPECT_FALSE(run(spec({"/no/such/program"})).succeeded());
  EXPECT_EQ(read_file(files_.folder() / "err"), "/no/such/program: No such file or directory\n");
}

TEST_F(LauncherTest, the_memory_of_whoever_started_it_is_not_counted) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers need memory of their own";
#endif
  const std::vector<char> ballast(200 << 20, 1);
  EXPECT_LT(run(spec({"/bin/true"})).maxrss_kib, 3072);
}

TEST_F(LauncherTest, the_cpu_of_descendants_is_counted) {
  const auto result =
      run(spec({"/bin/sh", "-c", "(while test $((i += 1)) -lt 100000; do :; done)"}));
  EXPECT_GT(result.cpu_s, 0);
}

TEST_F(LauncherTest, context_switches_of_descendants_are_counted) {
  const auto few = run(spec({"/bin/true"})).switches;
  const auto many = run(spec({"/bin/sh", "-c",
                              "i=0; while test $i -lt 50; do i=$((i + 1)); "
                              "/bin/true; done"}))
                        .switches;
  EXPECT_GE(many, few + 50);  // the shell waits for each
}

TEST_F(LauncherTest, what_a_program_holds_is_that_of_all_its_processes) {
  std::vector<Process> processes;
  processes.emplace_back(
      DLAB_BIN "/dlab_launch",
      // Opening a pipe that nobody writes to: the subshell waits without running a program, which
      // would let go of the pages that it shares while they are counted.
      spec({"/bin/sh", "-c",
            "x=$(head -c 8000000 /dev/zero | tr '\\0' x); mkfifo pipe; (echo ready; read y <pipe); "
            "echo $x"}));
  test::until([&] { return said() == "ready\n"; });
  const auto held = held_by(processes);
  stop_all(processes);
  ASSERT_TRUE(held);
  EXPECT_GT(held->own_kib, 7800);
  EXPECT_FALSE(held_by(processes)) << "nothing is left of it";
}

TEST_F(LauncherTest, the_threads_of_all_its_processes_are_counted) {
  std::vector<Process> processes;
  processes.emplace_back(DLAB_BIN "/dlab_launch",
                         spec({"/bin/sh", "-c", "sleep 1000 & sleep 1000 & echo ready; wait"}));
  test::until([&] { return said() == "ready\n"; });
  const auto held = held_by(processes);
  stop_all(processes);
  ASSERT_TRUE(held);
  EXPECT_EQ(held->threads, 3) << "the shell and two that sleep";
}

TEST_F(LauncherTest, a_program_that_was_halted_hears_that_it_is_to_end) {
  std::vector<Process> processes;
  processes.emplace_back(
      DLAB_BIN "/dlab_launch",
      spec({"/bin/sh", "-c", "trap 'echo bye; exit 7' TERM; echo ready; sleep 1000 & wait"}));
  test::until([&] { return said() == "ready\n"; });
  processes.front().signal(SIGSTOP);
  stop_all(processes);
  EXPECT_EQ(said(), "ready\nbye\n");
  EXPECT_EQ(processes.front().result().how(), "exit code 7");
}

TEST_F(LauncherTest, a_program_is_held_to_the_cpus_asked_for) {
  run(spec({"/bin/sh", "-c", "grep Cpus_allowed_list /proc/self/status"}, {0}));
  EXPECT_EQ(said(), "Cpus_allowed_list:\t0\n");
}

TEST_F(LauncherTest, nobodys_settings_and_proxies_enter) {
  ASSERT_EQ(setenv("http_proxy", "http://127.0.0.1:1", 1), 0);
  run(spec({"/bin/sh", "-c", "echo $HOME $http_proxy"}));
  EXPECT_EQ(said(), files_.folder().string() + "\n");
}

TEST_F(LauncherTest, a_program_gets_no_descriptors_but_the_usual_three) {
  run(spec({"/bin/ls", "/proc/self/fd"}));
  EXPECT_EQ(said(), "0\n1\n2\n3\n");  // the last one is the folder that it lists
}

}  // namespace
}  // namespace dlab::bench
