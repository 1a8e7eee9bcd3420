#include "bench/runner/results_folder.hpp"

#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "bench/runner/files.hpp"
#include "tests/bench/refused_calls.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

class ResultsFolderTest : public testing::Test {
 protected:
  // The one folder that was made here.
  [[nodiscard]] fs::path made() const {
    for (const auto& entry : fs::directory_iterator(parent_.path())) {
      if (entry.is_directory() && !entry.is_symlink()) {
        return entry.path();
      }
    }
    return {};
  }

  test::TempFolder parent_;
  fs::path latest_ = parent_ / "latest";
};

TEST_F(ResultsFolderTest, latest_leads_to_the_newest) {
  const ResultsFolder first(parent_.path(), "a");
  const ResultsFolder second(parent_.path(), "b");
  EXPECT_EQ(fs::canonical(latest_), fs::canonical(second.path()));
  EXPECT_EQ(second.latest_problem(), "");
}

TEST_F(ResultsFolderTest, latest_is_a_file_with_its_name_where_there_are_no_symbolic_links) {
  const auto without_links = [this] {
#ifdef SYS_symlink
    test::refuse_calls({SYS_symlink, SYS_symlinkat}, EPERM);
#else
    test::refuse_calls({SYS_symlinkat}, EPERM);
#endif
    const ResultsFolder results(parent_.path(), "a");
    _exit(results.latest_problem().empty() ? 0 : 1);
  };
  EXPECT_EXIT(without_links(), testing::ExitedWithCode(0), "");
  EXPECT_EQ(trimmed(read_file(latest_)), made().filename().string());
  EXPECT_TRUE(fs::exists(made() / "runs.csv"));
}

TEST_F(ResultsFolderTest, what_stands_in_the_way_of_latest_stays_and_is_told) {
  fs::create_directories(latest_ / "of somebody");
  const ResultsFolder results(parent_.path(), "a");
  EXPECT_NE(results.latest_problem().find(latest_.string()), std::string::npos)
      << results.latest_problem();
  EXPECT_TRUE(fs::exists(latest_ / "of somebody"));
  EXPECT_TRUE(fs::exists(results.path() / "runs.csv"));
}

TEST_F(ResultsFolderTest, counts_the_rows_of_its_runs) {
  ResultsFolder results(parent_.path(), "a");
  EXPECT_EQ(results.runs(), 0);
  results.append({});
  results.append({});
  EXPECT_EQ(results.runs(), 2);
  EXPECT_EQ(CsvTable::parse(read_file(results.path() / "runs.csv")).rows(), 2U);
}

TEST_F(ResultsFolderTest, meta_is_written_where_nothing_can_be_renamed) {
  const ResultsFolder results(parent_.path(), "a");
  const auto without_renames = [&] {
#ifdef SYS_rename
    test::refuse_calls({SYS_rename, SYS_renameat, SYS_renameat2}, EPERM);
#else
    test::refuse_calls({SYS_renameat, SYS_renameat2}, EPERM);
#endif
    results.write_meta("{}");
    _exit(0);
  };
  EXPECT_EXIT(without_renames(), testing::ExitedWithCode(0), "");
  EXPECT_EQ(read_file(results.path() / "meta.json"), "{}");
  EXPECT_FALSE(fs::exists(results.path() / "meta.json.new"));
}

}  // namespace
}  // namespace dlab::bench
