#include "bench/runner/served_files.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "bench/runner/files.hpp"
#include "bench/runner/scratch.hpp"

namespace dlab::bench {
namespace {

class ServedFilesTest : public testing::Test {
 protected:
  Scratch scratch_{1 << 20, testing::TempDir()};
  ServedFiles files_{scratch_.folder()};

  std::filesystem::path path_of(std::uint64_t bytes) {
    return scratch_.folder() / files_.name_for(bytes);
  }
};

TEST_F(ServedFilesTest, a_file_has_exactly_the_size_asked_for) {
  for (const std::uint64_t bytes : {0U, 1U, 1023U, 1U << 20U, (1U << 20U) + 1U}) {
    EXPECT_EQ(std::filesystem::file_size(path_of(bytes)), bytes);
  }
}

TEST_F(ServedFilesTest, the_content_is_the_same_every_time) {
  const auto first = read_file(path_of(5000));
  std::filesystem::remove(path_of(5000));
  EXPECT_EQ(read_file(path_of(5000)), first);
}

TEST_F(ServedFilesTest, a_huge_file_is_mostly_holes) {
  const std::uint64_t bytes = std::uint64_t{5} << 30U;
  const auto path = path_of(bytes);
  struct stat about {};
  ASSERT_EQ(stat(path.c_str(), &about), 0);
  EXPECT_EQ(static_cast<std::uint64_t>(about.st_size), bytes);
  EXPECT_LE(static_cast<std::uint64_t>(about.st_blocks) * 512, 2 * stored_bytes(bytes));
}

TEST_F(ServedFilesTest, an_equal_copy_has_no_difference) {
  const auto copy = scratch_.folder() / "copy";
  std::filesystem::copy_file(path_of(3'000'000), copy);
  EXPECT_EQ(difference(path_of(3'000'000), copy), "");
}

TEST_F(ServedFilesTest, another_file_in_the_place_of_a_copy_differs_in_nothing_but_its_content) {
  const auto folder = scratch_.folder() / "mirror1";
  copy_to_own_folder(path_of(5000), folder);
  const auto copy = folder / path_of(5000).filename();
  EXPECT_EQ(difference(path_of(5000), copy), "");
  std::ifstream reader(copy, std::ios::binary);
  replace_by_another(copy);
  EXPECT_EQ(read_file(copy), std::string(5000, '\0'));
  const std::string old{std::istreambuf_iterator<char>(reader), {}};
  EXPECT_EQ(old, read_file(path_of(5000))) << "who has it open goes on with it";
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1);
}

TEST_F(ServedFilesTest, one_wrong_byte_is_found) {
  auto content = read_file(path_of(3'000'000));
  content[2'500'000] ^= 1;
  const auto copy = scratch_.folder() / "copy";
  write_file(copy, content);
  EXPECT_EQ(difference(path_of(3'000'000), copy),
            "the output differs from the source within the MiB at byte 2097152");
}

TEST_F(ServedFilesTest, a_copy_cut_short_is_found) {
  const auto copy = scratch_.folder() / "copy";
  write_file(copy, read_file(path_of(1000)).substr(0, 999));
  EXPECT_EQ(difference(path_of(1000), copy), "the output has 999 bytes, not 1000");
}

TEST_F(ServedFilesTest, a_missing_output_is_found) {
  EXPECT_EQ(difference(path_of(1), scratch_.folder() / "nothing"), "there is no output file");
}

}  // namespace
}  // namespace dlab::bench
