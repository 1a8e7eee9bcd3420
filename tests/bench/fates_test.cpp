#include "bench/runner/fates.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "tests/bench/data_files.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;

class FatesTest : public testing::Test {
 protected:
  void start(std::vector<Process>& processes, std::vector<std::string> arguments) {
    processes.emplace_back(DLAB_BIN "/dlab_launch", ProcessSpec{std::move(arguments),
                                                                files_.folder(),
                                                                files_.folder() / "out",
                                                                files_.folder() / "err",
                                                                {}});
  }
  void start_sleepers(std::vector<Process>& processes, int number) {
    for (int i = 0; i < number; ++i) {
      start(processes, {"/bin/sleep", "1000"});
      test::until([&] { return of_program(processes.back(), "comm") == "sleep\n"; });
    }
  }
  bool meet(const std::string& mirrors) {
    return meet_fates(*parse_mirrors(mirrors), servers_, clients_,
                      [this](std::size_t mirror) { turned_.push_back(mirror); });
  }
  // A file of proc(5) about the program that dlab_launch started; blank before it has.
  static std::string of_program(const Process& process, const std::string& file) {
    const auto launcher = std::to_string(process.launcher());
    const auto program =
        read_file_if_any("/proc/" + launcher + "/task/" + launcher + "/children").value_or("");
    return read_file_if_any("/proc/" + trimmed(program) + "/" + file).value_or("");
  }
  static bool halts(const Process& server) {
    return of_program(server, "status").find("State:\tT") != std::string::npos;
  }

  DataFiles files_;
  std::vector<Process> servers_;
  std::vector<Process> clients_;
  std::vector<std::size_t> turned_;
};

TEST_F(FatesTest, a_killed_mirror_ends_and_a_stalled_one_halts_and_others_go_on) {
  start_sleepers(servers_, 3);
  start_sleepers(clients_, 1);
  EXPECT_TRUE(meet("well,killed@1ms,stalled@0s"));
  EXPECT_TRUE(wait_all({&servers_[1], 1}, base::Deadline::after(20s)));
  EXPECT_EQ(servers_[1].result().how(), "signal 9 (Killed)");
  test::until([&] { return halts(servers_[2]); });
  EXPECT_FALSE(halts(servers_[0]));
  stop_all(servers_);
  EXPECT_EQ(servers_[0].result().how(), "signal 15 (Terminated)");
  EXPECT_EQ(servers_[2].result().how(), "signal 15 (Terminated)");
}

TEST_F(FatesTest, a_lying_mirror_and_a_slowed_one_go_on) {
  start_sleepers(servers_, 3);
  start_sleepers(clients_, 1);
  EXPECT_TRUE(meet("well,lying@2ms,slowed@1ms"));
  EXPECT_EQ(turned_, (std::vector<std::size_t>{2, 1})) << "each at its moment";
  EXPECT_FALSE(halts(servers_[1]));
  EXPECT_FALSE(servers_[1].ended());
}

TEST_F(FatesTest, a_mirror_may_be_several_servers) {
  start_sleepers(servers_, 4);
  start_sleepers(clients_, 1);
  EXPECT_TRUE(meet("stalled@0s,well"));
  test::until([&] { return halts(servers_[0]) && halts(servers_[1]); });
  EXPECT_FALSE(halts(servers_[2]));
}

TEST_F(FatesTest, clients_that_end_before_are_not_waited_for) {
  start_sleepers(servers_, 1);
  start(clients_, {"/bin/true"});
  EXPECT_FALSE(meet("killed@1min"));
  EXPECT_FALSE(servers_[0].ended());
}

TEST_F(FatesTest, where_nothing_becomes_of_anybody_nothing_is_waited_for) {
  start_sleepers(servers_, 2);
  start_sleepers(clients_, 1);
  EXPECT_TRUE(meet("well,slow"));
}

}  // namespace
}  // namespace dlab::bench
