#include "common/base/output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <string_view>
#include <system_error>

#include "common/base/check.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::base {
namespace {

void write_text(const FileDescriptor& file, std::string_view text) {
  write_all(file, "a test's", text);
}

TEST(OpenOutput, a_file_is_written_from_its_beginning) {
  const test::TempFolder folder;
  const auto path = folder.write("file", "what was there before");
  write_text(open_output(path), "new");
  EXPECT_EQ(test::read_file(path), "new");
  write_text(open_output(folder / "other"), "made");
  EXPECT_EQ(test::read_file(folder / "other"), "made");
}

TEST(OpenOutput, a_file_behind_a_descriptor_is_not_cut_off) {
  const test::TempFolder folder;
  const auto path = folder / "file";
  const FileDescriptor file(check(open(path.c_str(), O_WRONLY | O_CREAT, 0600), "open", path));
  write_text(file, "first ");
  for (const std::string name : {"/dev/fd/", "/proc/self/fd/"}) {
    write_text(open_output(name + std::to_string(file.get())), "next ");
  }
  EXPECT_EQ(test::read_file(path), "first next next ");
}

TEST(ExpectOutput, what_can_be_opened_is_expected_and_left_as_it_is) {
  const test::TempFolder folder;
  const auto path = folder.write("file", "what was there before");
  EXPECT_NO_THROW(expect_output(path));
  EXPECT_EQ(test::read_file(path), "what was there before");
  EXPECT_NO_THROW(expect_output(folder / "other"));
  EXPECT_FALSE(folder.has("other"));
  EXPECT_NO_THROW(expect_output("/dev/stdout"));
  EXPECT_NO_THROW(expect_output("a file in this folder"));
}

TEST(ExpectOutput, what_cannot_be_opened_is_an_error_now) {
  const test::TempFolder folder;
  const auto file = folder.write("file", "");
  EXPECT_THROW(expect_output(folder / "."), std::system_error);
  EXPECT_THROW(expect_output(folder / "no folder/file"), std::system_error);
  EXPECT_THROW(expect_output(file + "/below a file"), std::system_error);
}

TEST(OpenOutput, a_socket_can_be_behind_a_descriptor_too) {
  std::array<int, 2> ends{};
  check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), "socketpair", "");
  const FileDescriptor ours(ends[0]);
  const FileDescriptor theirs(ends[1]);
  write_text(open_output("/dev/fd/" + std::to_string(theirs.get())), "x");
  char byte = 0;
  EXPECT_EQ(read(ours.get(), &byte, 1), 1);
}

TEST(OpenOutput, what_cannot_be_written_is_told_with_its_name) {
  try {
    write_all(open_output("/dev/full"), "/dev/full", "x");
    ADD_FAILURE() << "was written";
  } catch (const std::system_error& error) {
    EXPECT_STREQ(error.what(), "write /dev/full: No space left on device");
  }
}

TEST(OpenOutput, what_cannot_be_opened_is_told_with_its_name) {
  for (const char* path : {"/nonexistent/file", "/dev/fd/999999", "/dev/fd/x", "/dev/fd/"}) {
    try {
      open_output(path);
      ADD_FAILURE() << path;
    } catch (const std::system_error& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(std::string("open ") + path + ": "))
          << error.what();
    }
  }
}

}  // namespace
}  // namespace dlab::base
