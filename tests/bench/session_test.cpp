#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "bench/runner/turn.hpp"
#include "tests/bench/fake_bench.hpp"

namespace dlab::bench {
namespace {

// What a program that does not choose for itself gets: the algorithm of the experiment where a run
// has a network of its own, else that of the machine.
std::string congestion_of_others(const FakeBench& bench) {
  const auto network =
      nlohmann::json::parse(read_file(bench.results() / "meta.json")).at("network");
  return network.at("namespace") == "host"
             ? network.at("sysctls").at("tcp_congestion_control").get<std::string>()
             : "cubic";
}

TEST(Session, a_good_run_is_a_row_and_exit_0) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  EXPECT_EQ(bench.run({"--seed", "5"}), 0) << bench.output();
  const auto rows = bench.rows();
  ASSERT_EQ(rows.rows(), 2U);  // a warm-up and a block
  EXPECT_EQ(rows.field(0, "warmup"), "yes");
  EXPECT_EQ(rows.field(1, "warmup"), "no");
  EXPECT_EQ(rows.field(1, "status"), "ok");
  EXPECT_EQ(rows.field(1, "verified"), "yes");
  EXPECT_EQ(rows.field(1, "bytes_received"), "1000");
  EXPECT_EQ(rows.field(1, "congestion_used"), congestion_of_others(bench));
  EXPECT_NE(rows.field(1, "wall_s"), "");
  EXPECT_NE(rows.field(1, "server_cpu_s"), "");
}

TEST(Session, a_server_is_ready_when_it_listens_without_a_word) {
  FakeBench bench;
  bench.add_contestant("quiet", 1, kCopy,
                       R"(["{python}", ")" DLAB_SOURCE_DIR
                       R"(/tests/bench/fake/quiet_server.py", "{port}"])");
  bench.add_experiment({"quiet"});
  EXPECT_EQ(bench.run(), 0) << bench.output();
}

// A contestant whose servers, one for each of the `mirrors`, say that they listen.
void add_mirrors(const FakeBench& bench, const std::string& mirrors, const std::string& client) {
  bench.files().write("contestants/many.json",
                      R"({"title": "t", "part": 4, "defaults": {"mirrors": ")" + mirrors +
                          R"("}, "client_options": {"sink=file": [], "mirrors": []},
    "servers": [[")" DLAB_SOURCE_DIR R"(/tests/bench/fake/talking_server.sh", )" +
                          bench.marker_json() + R"(]], "clients": [)" + client + "]}");
  bench.add_experiment({"many"});
}

TEST(Session, each_mirror_is_a_server_and_the_client_is_told_all_of_them) {
  FakeBench bench;
  add_mirrors(
      bench, "well,slow,well",
      R"(["sh", "-c", "test $(sort -u {servers} | wc -l) = 3 && cp {root}/{file} {output}"])");
  EXPECT_EQ(bench.run(), 0) << bench.output();
  EXPECT_EQ(bench.last_row_of("many"), "ok: ");
  EXPECT_EQ(bench.rows().field(0, "mirrors"), "well,slow,well");
  EXPECT_TRUE(bench.fakes_alive().empty());
}

TEST(Session, a_mirror_that_was_to_die_and_did_not_makes_a_void_run) {
  FakeBench bench;
  add_mirrors(bench, "well,killed@1min", kCopy);
  EXPECT_EQ(bench.run(), 0) << bench.output();
  EXPECT_EQ(bench.last_row_of("many"), "void: the client was done before a mirror met its fate");
}

TEST(Session, the_same_seed_runs_the_cells_in_the_same_order) {
  FakeBench bench;
  for (const char* name : {"a", "b", "c", "d", "e"}) {
    bench.add_contestant(name, 1, kCopy);
  }
  bench.add_experiment({"a", "b", "c", "d", "e"});
  const auto order = [&] {
    EXPECT_EQ(bench.run({"--seed", "11"}), 0) << bench.output();
    std::string names;
    const auto rows = bench.rows();
    for (std::size_t row = 5; row < rows.rows(); ++row) {
      names += rows.field(row, "contestant");
    }
    return names;
  };
  const std::string first = order();
  EXPECT_EQ(first.size(), 5U);
  EXPECT_NE(first, "abcde");
  EXPECT_EQ(order(), first);
}

TEST(Session, meta_tells_the_origin_and_why_it_stopped) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  ASSERT_EQ(bench.run({"--seed", "5"}), 0) << bench.output();
  const auto meta = nlohmann::json::parse(read_file(bench.results() / "meta.json"));
  EXPECT_EQ(meta.at("seed"), 5);
  EXPECT_EQ(meta.at("exit_code"), 0);
  EXPECT_EQ(meta.at("experiments").at("x").at("stopped_by"), "blocks");
  for (const char* key : {"command_line", "commit", "build", "kernel", "machine", "network",
                          "scratch_filesystem", "programs", "started", "finished"}) {
    EXPECT_TRUE(meta.contains(key)) << key;
  }
}

TEST(Session, results_are_never_overwritten) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  ASSERT_EQ(bench.run(), 0);
  const auto first = std::filesystem::canonical(bench.results());
  ASSERT_EQ(bench.run(), 0);
  EXPECT_NE(std::filesystem::canonical(bench.results()), first);
  EXPECT_TRUE(std::filesystem::exists(first / "runs.csv"));
}

TEST(Session, a_script_is_told_the_folder_of_this_very_session) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  const auto note = bench.files().folder() / "note";
  ASSERT_EQ(bench.run({"--folder-to", note.string()}), 0) << bench.output();
  const std::filesystem::path told = trimmed(read_file(note));
  EXPECT_TRUE(told.is_absolute()) << told;
  EXPECT_EQ(std::filesystem::canonical(told), std::filesystem::canonical(bench.results()));
}

// The row's `turn`, of a session with these options.
std::string turn_with(FakeBench& bench, const std::vector<std::string>& options) {
  EXPECT_EQ(bench.run(options), 0) << bench.output();
  return std::string(bench.rows().field(1, "turn"));
}

TEST(Session, runs_without_a_turn_say_so) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  EXPECT_EQ(turn_with(bench, {}), "yes");
  EXPECT_EQ(turn_with(bench, {"--no-turn"}), "no");
  EXPECT_NE(bench.output().find("warning: no turn (--no-turn)"), std::string::npos);
}

TEST(Session, waits_for_the_turn_of_another_and_measures_beside_it_only_if_told_to) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  std::optional<Turn> ours(std::in_place, bench.files().folder(), [](const std::string&) {});
  const std::string us = "waiting for pid " + std::to_string(getpid());

  const pid_t stopped = bench.start();
  ASSERT_TRUE(bench.says(us));
  ASSERT_EQ(kill(stopped, SIGINT), 0);
  EXPECT_EQ(bench.wait(stopped), 128 + SIGINT);
  EXPECT_FALSE(std::filesystem::exists(bench.files().folder() / "results"));

  EXPECT_EQ(turn_with(bench, {"--no-turn"}), "no");
  const pid_t patient = bench.start();
  ASSERT_TRUE(bench.says(us));
  ours.reset();
  EXPECT_EQ(bench.wait(patient), 0);
  EXPECT_EQ(bench.rows().field(1, "turn"), "yes");
}

TEST(Session, looking_runs_nothing) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  EXPECT_EQ(bench.run({"--list"}), 0);
  EXPECT_NE(bench.output().find("q?"), std::string::npos);
  EXPECT_EQ(bench.run({"--dry-run"}), 0);
  EXPECT_NE(bench.output().find("about"), std::string::npos);
  EXPECT_EQ(bench.run({"--print-columns"}), 0);
  EXPECT_TRUE(bench.output().starts_with("runs.csv: schema,run_id,")) << bench.output();
  EXPECT_FALSE(std::filesystem::exists(bench.files().folder() / "results"));
}

TEST(Session, a_wrong_command_line_exits_2) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  EXPECT_EQ(bench.run({"--experiment", "y"}), 2);
  EXPECT_EQ(bench.run({"--filter", "nothing"}), 2);
  EXPECT_EQ(bench.run({"--filter", "(["}), 2);
  EXPECT_EQ(bench.run({"--benchmark_out=x.json"}), 2);
  EXPECT_EQ(bench.run({"--colour"}), 2);
}

TEST(Session, wrong_data_exit_2_and_name_file_and_key) {
  FakeBench bench;
  bench.add_contestant("good", 1, kCopy);
  bench.add_experiment({"good"});
  bench.files().write("contestants/good.json", R"({"title": 1})");
  EXPECT_EQ(bench.run(), 2);
  EXPECT_NE(bench.output().find("good.json: title: must be a text"), std::string::npos);
}

}  // namespace
}  // namespace dlab::bench
