#include "common/storage/part_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <system_error>

#include "common/storage/file_io.hpp"
#include "tests/common/support/child.hpp"
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
    part.control().save({.name = "f", .size = 4, .version = 7});
    part.keep();
  }
  EXPECT_EQ(test::read_file(folder_ / "f.part"), "half");
  const PartFile resumed(target_, Leftovers::keep);
  EXPECT_EQ(resumed.size(), 4U);
}

TEST_F(PartFiles, leftovers_can_be_discarded) {
  folder_.write("f.part", "half of something else");
  folder_.write("f.part.dlab", "its record, damaged");
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
  {
    PartFile part(target_, Leftovers::discard);
    write_all_at(part.fd(), part.path(), 0, test::raw("content"));
    EXPECT_THROW(part.commit(), std::system_error);
  }
  EXPECT_TRUE(std::filesystem::is_directory(target_));
  EXPECT_EQ(test::read_file(folder_ / "f.part"), "content") << "what is whole stays";
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

TEST_F(PartFiles, what_another_program_is_at_is_left_alone) {
  folder_.write("f.part", "a browser's");
  PartFile part(target_, Leftovers::keep);
  EXPECT_EQ(part.path(), folder_ / "f.1.part");
  part.commit();
  EXPECT_EQ(test::read_file(folder_ / "f.part"), "a browser's");
  EXPECT_EQ(test::read_file(target_), "");
}

TEST_F(PartFiles, neither_is_a_strangers_record_nor_what_lies_in_its_way) {
  for (const char* name : {"f.part.dlab", "f.1.part.dlab.new"}) {
    folder_.write(name, "mine");
  }
  std::filesystem::create_symlink("nowhere", folder_ / "f.2.part.dlab");
  std::filesystem::create_directory(folder_ / "f.3.part");
  PartFile part(target_, Leftovers::discard);
  EXPECT_EQ(part.path(), folder_ / "f.4.part");
  part.commit();
  EXPECT_EQ(test::read_file(folder_ / "f.part.dlab"), "mine");
  EXPECT_EQ(test::read_file(folder_ / "f.1.part.dlab.new"), "mine");
  EXPECT_FALSE(folder_.has("nowhere"));
}

TEST_F(PartFiles, what_was_kept_under_another_name_is_found_again) {
  folder_.write("f.part", "a browser's");
  {
    PartFile part(target_, Leftovers::discard);
    part.control().save({.name = "f", .size = 4, .version = 7});
    write_all_at(part.fd(), part.path(), 0, test::raw("half"));
    part.keep();
  }
  std::filesystem::remove(folder_ / "f.part");
  const PartFile resumed(target_, Leftovers::keep);
  EXPECT_EQ(resumed.size(), 4U);
}

TEST_F(PartFiles, what_a_killed_run_has_left_is_known_by_the_room_for_its_record) {
  ASSERT_EQ(test::in_child([&] {
              const PartFile part(target_, Leftovers::discard);
              ::_exit(0);
              return 1;
            }),
            0);
  EXPECT_TRUE(folder_.has("f.part.dlab.new"));
  PartFile part(target_, Leftovers::discard);
  EXPECT_EQ(part.path(), folder_ / "f.part");
  part.commit();
  EXPECT_FALSE(folder_.has("f.part.dlab.new"));
}

TEST_F(PartFiles, when_no_name_is_free_that_is_said) {
  for (unsigned number = 0; number < kPartNames; ++number) {
    test::write_file(part_path(target_, number), "a browser's");
  }
  try {
    const PartFile part(target_, Leftovers::discard);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::file_exists);
    EXPECT_NE(std::string(error.what()).find("remove it"), std::string::npos);
  }
}

TEST(PartPath, stands_beside_the_target) {
  EXPECT_EQ(part_path("f", 0), "f.part");
  EXPECT_EQ(part_path("folder/f", 0), "folder/f.part");
  EXPECT_EQ(part_path("folder/f", 3), "folder/f.3.part");
}

TEST(PartPath, leaves_room_for_the_record_beside_a_long_name) {
  EXPECT_EQ(part_path(std::string(241, 'a'), 0), std::string(241, 'a') + ".part");
  for (const std::size_t length : {242U, 255U}) {
    const auto path = part_path("/" + std::string(length, 'a'), 0);
    EXPECT_EQ((path + ".dlab.new").size(), 256U);
    EXPECT_NE(path, part_path("/" + std::string(length - 1, 'a') + "b", 0)) << "another file's";
  }
}

TEST(PartPath, of_a_long_name_cuts_no_character) {
  std::string name;
  while (name.size() < 254) {
    name += "\xe6\xbc\xa2";
  }
  const std::string path = part_path(name, 0);
  EXPECT_EQ(path.find('~') % 3, 0U);
  EXPECT_LE(path.size(), 246U);
}

TEST_F(PartFiles, a_name_of_255_bytes_has_a_part_file_too) {
  target_ = folder_ / std::string(255, 'a');
  PartFile part(target_, Leftovers::discard);
  part.control().save({.name = "a", .size = 4, .version = 7});
  part.commit();
  part.control().remove();
  EXPECT_TRUE(std::filesystem::exists(target_));
}

}  // namespace
}  // namespace dlab::storage
