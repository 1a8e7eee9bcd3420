// What goes wrong becomes a row, and nothing is left behind.
#include <gtest/gtest.h>
#include <signal.h>

#include "tests/bench/fake_bench.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

// A command of one of the fake scripts, as JSON.
std::string script(const std::string& name, const std::string& arguments = "") {
  std::string json = R"([")" DLAB_SOURCE_DIR "/tests/bench/fake/";
  return json.append(name).append("\"").append(arguments).append("]");
}

constexpr int kPatient = 60;  // seconds: nothing ends but by a signal
constexpr const char* kFromTo = R"(, "{root}/{file}", "{output}")";

// The scratch folder of a session, found through the working directory of one of its programs.
fs::path scratch_of(const FakeBench& bench) {
  std::error_code gone;
  for (const pid_t pid : bench.fakes_alive()) {
    const auto work = fs::read_symlink("/proc/" + std::to_string(pid) + "/cwd", gone);
    if (!gone) {
      return work.parent_path();
    }
  }
  return {};
}

class Trouble : public testing::Test {
 protected:
  // Runs one contestant; the status and error of its row.
  std::string row_of(int part, const std::string& client) {
    bench_.add_contestant("x", part, client);
    return run();
  }
  std::string run() {
    bench_.add_experiment({"x"});
    exit_code_ = bench_.run(options_);
    return bench_.last_row_of("x");
  }
  std::string hanging() { return "[\"sleep\", " + bench_.marker_json() + "]"; }

  FakeBench bench_;
  std::vector<std::string> options_;
  int exit_code_ = -1;
};

TEST_F(Trouble, a_server_that_ends_at_once_is_a_failed_run) {
  bench_.add_contestant("x", 1, kCopy, script("dead_server.sh"));
  EXPECT_EQ(run(), "failed: the server ended before it listened: exit code 3: no such luck");
  EXPECT_EQ(exit_code_, 1);
}

TEST_F(Trouble, a_client_that_hangs_is_a_timeout_and_is_ended) {
  EXPECT_EQ(row_of(1, hanging()), "timeout: the client was not done within 1 s");
  EXPECT_EQ(exit_code_, 1);
  EXPECT_TRUE(bench_.fakes_alive().empty());
}

TEST_F(Trouble, wrong_bytes_are_a_failed_run_whatever_the_client_says) {
  EXPECT_EQ(row_of(1, script("wrong_bytes_client.sh", kFromTo)),
            "failed: the output differs from the source within the MiB at byte 0");
  EXPECT_EQ(exit_code_, 1);
}

TEST_F(Trouble, a_client_that_writes_nothing_is_a_failed_run) {
  EXPECT_EQ(row_of(1, R"(["true"])"), "failed: there is no output file");
}

TEST_F(Trouble, a_failing_client_is_quoted) {
  EXPECT_EQ(row_of(1, script("failing_client.sh", kFromTo)),
            "failed: client: exit code 1: failing_client: connect: Connection refused");
}

TEST_F(Trouble, a_program_of_ours_that_is_not_there_is_a_failed_run) {
  EXPECT_EQ(row_of(1, R"(["/no/such/client"])"), "failed: there is no program /no/such/client");
}

TEST_F(Trouble, a_failure_of_others_counts_only_with_strict) {
  row_of(0, R"(["false"])");
  EXPECT_EQ(exit_code_, 0);
  options_ = {"--strict"};
  EXPECT_TRUE(row_of(0, R"(["false"])").starts_with("failed: client: exit code 1"));
  EXPECT_EQ(exit_code_, 1);
}

TEST_F(Trouble, a_program_that_is_not_installed_is_unavailable_and_names_its_package) {
  bench_.files().write("contestants/x.json", R"({"title": "t", "servers": [["s"]],
    "clients": [["c"]], "client_options": {"sink=file": []},
    "needs": [{"program": "no-such-program", "package": "no-such-package"}]})");
  options_ = {"--strict"};
  EXPECT_EQ(run(),
            "unavailable: no-such-program is not installed: apt-get install no-such-package");
  EXPECT_EQ(exit_code_, 1);
  EXPECT_NE(bench_.output().find("dlab_bench: nothing was measured: no-such-program is not "
                                 "installed: apt-get install no-such-package\n"),
            std::string::npos);
}

TEST_F(Trouble, what_a_server_leaves_behind_is_ended) {
  bench_.add_contestant("x", 1, kCopy, script("litter_server.sh", ", " + bench_.marker_json()));
  EXPECT_EQ(run(), "ok: ");
  EXPECT_TRUE(bench_.fakes_alive().empty());
}

TEST_F(Trouble, an_interrupted_session_cleans_up_and_keeps_its_rows) {
  bench_.add_contestant("x", 1, hanging());
  bench_.add_experiment({"x"}, kPatient);
  const pid_t runner = bench_.start();
  ASSERT_TRUE(bench_.fakes_appear());
  const auto scratch = scratch_of(bench_);
  ASSERT_EQ(kill(runner, SIGINT), 0);
  EXPECT_EQ(bench_.wait(runner), 128 + SIGINT);
  EXPECT_EQ(bench_.last_row_of("x"), "void: interrupted by a signal");
  EXPECT_TRUE(bench_.fakes_alive().empty());
  EXPECT_FALSE(fs::exists(scratch));
}

TEST_F(Trouble, an_interrupted_session_tells_how_many_rows_it_has_and_where) {
  bench_.add_contestant("good", 1, kCopy);
  bench_.add_contestant("x", 1, hanging());
  bench_.add_experiment({"good", "x"}, kPatient);
  const pid_t runner = bench_.start();
  ASSERT_TRUE(bench_.fakes_appear());
  ASSERT_EQ(kill(runner, SIGTERM), 0);
  EXPECT_EQ(bench_.wait(runner), 128 + SIGTERM);
  const auto folder = fs::canonical(bench_.results()).string();
  const std::string rows = std::to_string(bench_.rows().rows());
  EXPECT_NE(bench_.output().find("\n" + rows +
                                 " runs, 0 failed of our programs, 0 of others; a signal ended the "
                                 "session early\n" +
                                 folder),
            std::string::npos)
      << bench_.output();
}

TEST_F(Trouble, an_ignored_signal_stays_ignored) {
  bench_.add_contestant("x", 1, kCopy);
  bench_.add_experiment({"x"}, kPatient);
  signal(SIGINT, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  const pid_t runner = bench_.start();
  signal(SIGINT, SIG_DFL);
  signal(SIGHUP, SIG_DFL);
  ASSERT_TRUE(bench_.fakes_appear());
  EXPECT_EQ(kill(runner, SIGINT), 0);
  EXPECT_EQ(kill(runner, SIGHUP), 0);
  EXPECT_EQ(bench_.wait(runner), 0) << bench_.output();
}

TEST_F(Trouble, nothing_survives_a_runner_that_is_killed) {
  bench_.add_contestant("x", 1, hanging());
  bench_.add_experiment({"x"}, kPatient);
  const pid_t runner = bench_.start();
  ASSERT_TRUE(bench_.fakes_appear());
  const auto scratch = scratch_of(bench_);
  ASSERT_EQ(kill(runner, SIGKILL), 0);
  EXPECT_EQ(bench_.wait(runner), -1);
  EXPECT_TRUE(bench_.fakes_vanish());
  // The next session clears away what the killed one could not.
  row_of(1, kCopy);
  EXPECT_FALSE(fs::exists(scratch));
}

}  // namespace
}  // namespace dlab::bench
