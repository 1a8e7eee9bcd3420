#include "bench/runner/machine_info.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "bench/runner/cpus.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/process.hpp"
#include "tests/bench/data_files.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

// A repository with one commit, of a file in a folder.
class CommitOf : public testing::Test {
 protected:
  void SetUp() override {
    if (!find_program("git")) {
      GTEST_SKIP() << "git is not installed";
    }
    files_.write("lab/README.md", "text\n");
    ASSERT_EQ(git("init -q"), 0);
    ASSERT_EQ(git("add ."), 0);
    ASSERT_EQ(git("-c user.name=x -c user.email=x@y commit -q -m x"), 0);
  }
  [[nodiscard]] int git(const std::string& arguments) const {
    return std::system(("git -C " + files_.folder().string() + " " + arguments).c_str());
  }
  [[nodiscard]] std::string commit_of(const fs::path& source) const {
    const fs::path work = scratch_.folder() / "work";
    const Environment environment{
        .bin = DLAB_BIN, .work = work, .files = ServedFiles(work), .quota = CpuQuota()};
    return bench::commit_of(environment, source.string());
  }

  DataFiles files_;
  DataFiles scratch_;
};

TEST_F(CommitOf, a_source_tree_is_its_own_and_says_when_it_was_changed) {
  const std::string commit = commit_of(files_.folder());
  EXPECT_EQ(commit.size(), 40U) << commit;
  files_.write("lab/README.md", "another text\n");
  EXPECT_EQ(commit_of(files_.folder()), commit + "-dirty");
}

TEST_F(CommitOf, a_tarball_within_somebodys_repository_has_none) {
  EXPECT_EQ(commit_of(files_.folder() / "lab"), "");
}

TEST_F(CommitOf, nothing_is_written_into_the_tree) {
  fs::last_write_time(files_.folder() / "lab/README.md", fs::file_time_type::clock::now());
  const std::string index = read_file(files_.folder() / ".git/index");
  EXPECT_EQ(commit_of(files_.folder()).size(), 40U);
  EXPECT_EQ(read_file(files_.folder() / ".git/index"), index);
}

TEST(MachineInfo, tells_which_processors_may_be_used_and_what_a_quota_leaves_of_them) {
  const DataFiles nothing;
  const auto info = machine_info(CpuQuota(nothing.folder()));
  EXPECT_EQ(info.at("cpus"), usable_cpus());
  EXPECT_GE(info.at("cpus_of_machine").get<int>(), usable_cpus());
  EXPECT_TRUE(info.at("cpu_quota").is_null());
}

}  // namespace
}  // namespace dlab::bench
