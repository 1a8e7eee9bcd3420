#include "common/download/target.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <filesystem>

#include "common/base/file_descriptor.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::download {
namespace {

namespace fs = std::filesystem;

std::string path_of(const std::string& output, const std::string& name) {
  const Target target = find_target(output, name);
  EXPECT_TRUE(target.is_plain_file);
  EXPECT_FALSE(target.descriptor);
  return target.path;
}

// What find_target() says of a target that cannot be.
std::string refusal(const std::string& output, const std::string& name = "f") {
  try {
    find_target(output, name);
  } catch (const std::exception& error) {
    return error.what();
  }
  return "";
}

TEST(Target, is_the_files_own_name_unless_told_otherwise) {
  EXPECT_EQ(path_of("", "a.jpg"), "a.jpg");
  EXPECT_EQ(path_of("", "folder/a.jpg"), "a.jpg");
  EXPECT_EQ(path_of("b.jpg", "a.jpg"), "b.jpg");
}

TEST(Target, in_a_folder_keeps_the_files_own_name) {
  const test::TempFolder folder;
  EXPECT_EQ(path_of(folder.path(), "deep/a.jpg"), folder / "a.jpg");
  EXPECT_EQ(path_of(folder.path() + "/", "a.jpg"), folder / "a.jpg");
}

TEST(Target, a_servers_name_cannot_lead_out_of_the_folder) {
  const test::TempFolder folder;
  EXPECT_EQ(path_of(folder.path(), "../../etc/passwd"), folder / "passwd");
  EXPECT_EQ(path_of(folder.path(), "/etc/passwd"), folder / "passwd");
  for (const char* name : {"..", ".", "a/..", "a/", ""}) {
    EXPECT_NE(refusal(folder.path(), name), "") << name;
    EXPECT_NE(refusal("", name), "") << name;
  }
}

TEST(Target, of_a_link_is_the_file_behind_it) {
  const test::TempFolder folder;
  folder.write("real", "old");
  fs::create_symlink("real", folder / "near");
  fs::create_symlink(folder / "near", folder / "far");
  EXPECT_EQ(path_of(folder / "far", "f"), folder / "real");
  fs::create_symlink("not yet", folder / "dangling");
  EXPECT_EQ(path_of(folder / "dangling", "f"), folder / "not yet");
  fs::create_directory(folder / "away");
  fs::create_symlink("away", folder / "folder");
  EXPECT_EQ(path_of(folder / "folder", "f"), folder / "folder/f");
}

TEST(Target, links_in_a_circle_are_refused) {
  const test::TempFolder folder;
  fs::create_symlink("b", folder / "a");
  fs::create_symlink("a", folder / "b");
  EXPECT_NE(refusal(folder / "a").find("symbolic links"), std::string::npos);
}

TEST(Target, what_is_no_plain_file_is_written_to) {
  const test::TempFolder folder;
  const std::string fifo = folder / "fifo";
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0600), 0);
  fs::create_symlink("fifo", folder / "link");
  EXPECT_FALSE(find_target(fifo, "f").is_plain_file);
  EXPECT_EQ(find_target(folder / "link", "f").path, fifo);
  EXPECT_FALSE(find_target("/dev/null", "f").is_plain_file);
}

TEST(Target, an_open_file_of_this_process_is_written_to_whatever_it_is) {
  const test::TempFolder folder;
  const base::FileDescriptor file(
      ::open(folder.write("log", "").c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  const Target target = find_target("/dev/fd/" + std::to_string(file.get()), "f");
  EXPECT_FALSE(target.is_plain_file);
  EXPECT_EQ(target.descriptor, file.get());
  EXPECT_EQ(find_target("/dev/stdout", "f").descriptor, STDOUT_FILENO);
  EXPECT_EQ(find_target("-", "f").descriptor, STDOUT_FILENO);
}

TEST(Target, a_folder_in_the_files_place_is_refused) {
  const test::TempFolder folder;
  fs::create_directory(folder / "f");
  EXPECT_EQ(refusal(folder.path()), "save as " + (folder / "f") + ": Is a directory");
}

TEST(Target, a_socket_is_refused) {
  const test::TempFolder folder;
  const base::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
  (folder / "f").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_NE(refusal(folder / "f").find("a socket"), std::string::npos);
}

TEST(Target, a_folder_that_is_not_there_is_named) {
  const test::TempFolder folder;
  EXPECT_EQ(refusal(folder / "no/f"), "create " + (folder / "no/f") + " in " + (folder / "no") +
                                          ": No such file or directory");
  folder.write("file", "");
  EXPECT_NE(refusal(folder / "file/").find("Not a directory"), std::string::npos);
}

TEST(Target, a_name_that_is_too_long_is_refused) {
  const test::TempFolder folder;
  EXPECT_NE(refusal(folder / std::string(256, 'a')).find("too long"), std::string::npos);
}

TEST(Target, another_users_file_in_a_sticky_folder_is_refused) {
  const test::TempFolder folder;
  if (::geteuid() != 0) {
    GTEST_SKIP() << "only root makes other users' files";
  }
  const std::string file = folder.write("f", "theirs");
  ASSERT_EQ(::chmod(folder.path().c_str(), 01777), 0);
  ASSERT_EQ(::seteuid(65534), 0);
  const std::string said = refusal(file);
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_NE(said.find("another user's"), std::string::npos);
  EXPECT_EQ(refusal(file), "") << "root may";
}

}  // namespace
}  // namespace dlab::download
