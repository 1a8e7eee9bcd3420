#include "common/storage/part_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <system_error>

#include "common/storage/file_io.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

using Leftovers = PartFile::Leftovers;

class PartFiles : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), descriptors_); }

  test::TempFolder folder_;
  std::string target_ = folder_ / "f";
  int descriptors_ = test::open_descriptors();
};

TEST_F(PartFiles, the_target_appears_whole_when_it_is_committed) {
  PartFile part(target_, Leftovers::discard);
  write_all_at(part.fd(), part.path(), 0, test::raw("content"));
  EXPECT_TRUE(folder_.has("f.part"));
  EXPECT_FALSE(folder_.has("f"));
  part.commit();
  EXPECT_FALSE(folder_.has("f.part"));
  EXPECT_EQ(test::read_file(target_), "content");
}

TEST_F(PartFiles, committing_replaces_what_was_there) {
  folder_.write("f", "an older and longer content");
  PartFile part(target_, Leftovers::discard);
  write_all_at(part.fd(), part.path(), 0, test::raw("new"));
  EXPECT_EQ(test::read_file(target_), "an older and longer content");
  part.commit();
  EXPECT_EQ(test::read_file(target_), "new");
}

TEST_F(PartFiles, without_a_commit_nothing_is_left_and_the_old_file_stays) {
  folder_.write("f", "old");
  {
    const PartFile part(target_, Leftovers::discard);
    write_all_at(part.fd(), part.path(), 0, test::raw("half"));
  }
  EXPECT_FALSE(folder_.has("f.part"));
  EXPECT_EQ(test::read_file(target_), "old");
}

TEST_F(PartFiles, what_is_kept_is_there_for_a_resumption) {
  {
    PartFile part(target_, Leftovers::discard);
    write_all_at(part.fd(), part.path(), 0, test::raw("half"));
    part.keep();
  }
  EXPECT_EQ(test::read_file(folder_ / "f.part"), "half");
  const PartFile resumed(target_, Leftovers::keep);
  EXPECT_EQ(resumed.size(), 4U);
}

TEST_F(PartFiles, leftovers_can_be_discarded) {
  folder_.write("f.part", "half of something else");
  const PartFile part(target_, Leftovers::discard);
  EXPECT_EQ(part.size(), 0U);
}

TEST_F(PartFiles, a_second_download_to_the_same_target_is_refused) {
  PartFile part(target_, Leftovers::discard);
  write_all_at(part.fd(), part.path(), 0, test::raw("content"));
  try {
    const PartFile second(target_, Leftovers::discard);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::device_or_resource_busy);
    EXPECT_NE(std::string(error.what()).find("lock " + target_ + ".part"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("another download"), std::string::npos);
  }
  EXPECT_EQ(test::read_file(folder_ / "f.part"), "content");
  part.commit();
  EXPECT_EQ(test::read_file(target_), "content");
}

TEST_F(PartFiles, the_target_is_free_again_once_the_first_is_done) {
  {
    PartFile part(target_, Leftovers::discard);
    part.commit();
  }
  EXPECT_NO_THROW(PartFile(target_, Leftovers::discard));
}

TEST_F(PartFiles, a_link_in_the_place_of_the_part_file_is_not_followed) {
  const std::string precious = folder_.write("precious", "precious");
  ASSERT_EQ(::symlink(precious.c_str(), (target_ + ".part").c_str()), 0);
  EXPECT_THROW(PartFile(target_, Leftovers::discard), std::system_error);
  EXPECT_EQ(test::read_file(precious), "precious");
}

TEST_F(PartFiles, a_folder_that_does_not_exist_is_named) {
  try {
    const PartFile part(folder_ / "no/f", Leftovers::discard);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(std::string(error.what()),
              "create " + (folder_ / "no/f.part") + ": No such file or directory");
  }
}

TEST_F(PartFiles, a_target_that_is_a_folder_is_not_replaced) {
  std::filesystem::create_directory(target_);
  PartFile part(target_, Leftovers::discard);
  EXPECT_THROW(part.commit(), std::system_error);
  EXPECT_TRUE(std::filesystem::is_directory(target_));
}

TEST_F(PartFiles, the_length_can_be_right_from_the_start) {
  PartFile part(target_, Leftovers::discard);
  part.resize(1000);
  EXPECT_EQ(part.size(), 1000U);
  write_all_at(part.fd(), part.path(), 997, test::raw("end"));
  part.sync();
  part.commit();
  EXPECT_EQ(test::read_file(target_), std::string(997, '\0') + "end");
}

TEST(TargetPath, is_the_files_own_name_unless_told_otherwise) {
  EXPECT_EQ(target_path("", "a.jpg"), "a.jpg");
  EXPECT_EQ(target_path("", "folder/a.jpg"), "a.jpg");
  EXPECT_EQ(target_path("b.jpg", "a.jpg"), "b.jpg");
  EXPECT_EQ(target_path("no-such-folder/b.jpg", "a.jpg"), "no-such-folder/b.jpg");
}

TEST(TargetPath, in_a_folder_keeps_the_files_own_name) {
  const test::TempFolder folder;
  EXPECT_EQ(target_path(folder.path(), "deep/a.jpg"), folder / "a.jpg");
  EXPECT_EQ(target_path(folder.path() + "/", "a.jpg"), folder / "a.jpg");
  EXPECT_EQ(target_path("not-yet-there/", "a.jpg"), "not-yet-there/a.jpg");
}

TEST(TargetPath, a_servers_name_cannot_lead_out_of_the_folder) {
  const test::TempFolder folder;
  EXPECT_EQ(target_path(folder.path(), "../../etc/passwd"), folder / "passwd");
  EXPECT_EQ(target_path(folder.path(), "/etc/passwd"), folder / "passwd");
  for (const char* name : {"..", ".", "a/..", "a/", ""}) {
    EXPECT_THROW(target_path(folder.path(), name), std::system_error) << name;
    EXPECT_THROW(target_path("", name), std::system_error) << name;
  }
}

}  // namespace
}  // namespace dlab::storage
