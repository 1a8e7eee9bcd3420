#include "common/storage/served_root.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <system_error>
#include <thread>

#include "tests/common/support/child.hpp"
#include "tests/common/support/settled.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

std::string outcome(const ServedRoot& root, const std::string& name) {
  const auto opened = root.open(name);
  const auto* const failure = std::get_if<OpenFailure>(&opened);
  if (failure == nullptr) {
    return "open";
  }
  switch (failure->problem) {
    case OpenProblem::not_found:
      return "not found";
    case OpenProblem::not_a_file:
      return "not a file";
    case OpenProblem::forbidden:
      return "forbidden";
    default:
      return "bad name";
  }
}

class ServedRoots : public testing::TestWithParam<Resolver> {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(root_path_ + "/sub/deeper");
    test::write_file(root_path_ + "/f", "content");
    test::write_file(root_path_ + "/sub/f", "below");
    outer_.write("secret", "secret");
  }
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), descriptors_); }

  void link(const std::string& target, const std::string& name) const {
    ASSERT_EQ(::symlink(target.c_str(), (root_path_ + "/" + name).c_str()), 0);
  }
  [[nodiscard]] ServedRoot make_root() const { return {root_path_, GetParam()}; }
  [[nodiscard]] std::string open(const std::string& name) const {
    return outcome(make_root(), name);
  }

  test::TempFolder outer_;  // the served folder lies in it, beside a secret
  std::string root_path_ = outer_ / "root";
  int descriptors_ = test::open_descriptors();
};

INSTANTIATE_TEST_SUITE_P(With, ServedRoots, testing::Values(Resolver::kernel, Resolver::walk),
                         [](const auto& resolver) {
                           return resolver.param == Resolver::kernel ? "openat2" : "walk";
                         });

TEST_P(ServedRoots, a_file_is_opened_with_its_size) {
  const ServedRoot root = make_root();
  const auto opened = root.open("f");
  const auto& file = std::get<ServedFile>(opened);
  EXPECT_EQ(file.name, "f");
  EXPECT_EQ(file.size, 7U);
  EXPECT_NE(file.version, 0U);
  EXPECT_EQ(::fcntl(file.fd.get(), F_GETFD), FD_CLOEXEC);
}

TEST_P(ServedRoots, files_in_folders_below_are_opened_too) {
  EXPECT_EQ(open("sub/f"), "open");
  EXPECT_EQ(open("./sub//f"), "open");
  EXPECT_EQ(open("sub/../f"), "open");
}

TEST_P(ServedRoots, a_folder_that_is_not_there_cannot_be_served) {
  EXPECT_THROW(ServedRoot(outer_ / "no"), std::system_error);
  EXPECT_THROW(ServedRoot(root_path_ + "/f"), std::system_error);
}

TEST_P(ServedRoots, what_is_not_there_is_not_found) {
  EXPECT_EQ(open("no"), "not found");
  EXPECT_EQ(open("no/f"), "not found");
  EXPECT_EQ(open("f/x"), "not found");
}

TEST_P(ServedRoots, names_that_are_none_are_bad) {
  EXPECT_EQ(open(""), "bad name");
  EXPECT_EQ(open(std::string("f\0", 2)), "bad name");
  EXPECT_EQ(open("/etc/passwd"), "bad name");
  EXPECT_EQ(open(root_path_ + "/f"), "bad name");
  EXPECT_EQ(open(std::string(5000, 'x')), "bad name");
  EXPECT_EQ(open(std::string(4097, 'x')), "bad name");
  EXPECT_EQ(open(std::string(300, 'x')), "bad name");                      // NAME_MAX is 255
  EXPECT_EQ(open(std::string(4096, '/').replace(0, 1, "f")), "bad name");  // PATH_MAX counts a NUL
}

TEST_P(ServedRoots, folders_are_no_files) {
  EXPECT_EQ(open("sub"), "not a file");
  EXPECT_EQ(open("."), "not a file");
  EXPECT_EQ(open("sub/.."), "not a file");
}

TEST_P(ServedRoots, no_way_up_leads_out) {
  EXPECT_EQ(open("../secret"), "forbidden");
  EXPECT_EQ(open("sub/../../secret"), "forbidden");
  EXPECT_EQ(open("../root/f"), "forbidden");
  EXPECT_EQ(open(".."), "forbidden");
}

TEST_P(ServedRoots, links_that_lead_out_are_forbidden) {
  link("../secret", "up");
  link(outer_ / "secret", "absolute");
  link(root_path_ + "/f", "absolute-but-inside");
  link("..", "folder-up");
  link("up", "by-way-of-another");
  EXPECT_EQ(open("up"), "forbidden");
  EXPECT_EQ(open("absolute"), "forbidden");
  EXPECT_EQ(open("absolute-but-inside"), "forbidden");
  EXPECT_EQ(open("folder-up/secret"), "forbidden");
  EXPECT_EQ(open("by-way-of-another"), "forbidden");
}

TEST_P(ServedRoots, links_within_are_followed) {
  link("f", "link");
  link("../f", "sub/up");
  link("link", "chain1");
  link("chain1", "chain2");
  link("sub", "folder");
  EXPECT_EQ(open("link"), "open");
  EXPECT_EQ(open("sub/up"), "open");
  EXPECT_EQ(open("chain2"), "open");
  EXPECT_EQ(open("folder/f"), "open");
}

TEST_P(ServedRoots, links_that_lead_nowhere_are_refused) {
  link("no", "dangling");
  link("loop2", "loop1");
  link("loop1", "loop2");
  EXPECT_EQ(open("dangling"), "not found");
  EXPECT_EQ(open("loop1"), "forbidden");
}

TEST_P(ServedRoots, magic_links_are_not_followed) {
  const ServedRoot proc("/proc/self", GetParam());
  EXPECT_EQ(outcome(proc, "exe"), "forbidden");
  EXPECT_EQ(outcome(proc, "fd/0"), "forbidden");
  EXPECT_EQ(outcome(proc, "root/etc/passwd"), "forbidden");
}

TEST_P(ServedRoots, a_named_pipe_is_refused_without_waiting_for_its_writer) {
  ASSERT_EQ(::mkfifo((root_path_ + "/pipe").c_str(), 0644), 0);
  EXPECT_EQ(open("pipe"), "not a file");
}

TEST_P(ServedRoots, devices_and_sockets_are_no_files) {
  EXPECT_EQ(outcome(ServedRoot("/dev", GetParam()), "null"), "not a file");
  const base::FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{.sun_family = AF_UNIX};
  (root_path_ + "/socket").copy(address.sun_path, sizeof address.sun_path - 1);
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(open("socket"), "not a file");
}

TEST_P(ServedRoots, the_version_stays_while_the_file_does) {
  const ServedRoot root = make_root();
  const auto first = root.open("f");
  const auto second = root.open("./f");
  EXPECT_EQ(std::get<ServedFile>(first).version, std::get<ServedFile>(second).version);
  EXPECT_EQ(file_version(std::get<ServedFile>(first).fd.get()),
            std::get<ServedFile>(first).version);
}

class Versions : public testing::Test {
 protected:
  [[nodiscard]] ServedFile file() const { return std::get<ServedFile>(root_.open("f")); }
  [[nodiscard]] std::uint64_t version() const { return file().version; }
  // Gives the file a modification time, so that nothing depends on how fine the clock is.
  void date(const std::string& path, long seconds, long nanoseconds) const {
    const timespec times[2] = {{seconds, nanoseconds}, {seconds, nanoseconds}};
    ASSERT_EQ(::utimensat(AT_FDCWD, path.c_str(), times, 0), 0);
  }

  test::TempFolder folder_;
  std::string file_ = folder_.write("f", "content");
  ServedRoot root_{folder_.path()};
};

TEST_F(Versions, another_size_is_another_version) {
  date(file_, 1000, 0);
  const auto before = version();
  test::write_file(file_, "more content");
  date(file_, 1000, 0);
  EXPECT_NE(version(), before);
}

TEST_F(Versions, another_time_is_another_version) {
  date(file_, 1000, 0);
  const auto before = version();
  date(file_, 1000, 1);
  const auto a_nanosecond_later = version();
  date(file_, 1001, 0);
  EXPECT_NE(a_nanosecond_later, before);
  EXPECT_NE(version(), before);
}

// Programs that copy or synchronise files set the date back; nothing sets a change time.
TEST_F(Versions, other_bytes_under_the_same_date_are_another_version) {
  date(file_, 1000, 0);
  test::let_settle(root_, "f");
  const auto before = version();
  test::write_file(file_, "CONTENT");
  date(file_, 1000, 0);
  EXPECT_NE(version(), before);
}

TEST_F(Versions, other_access_rights_are_another_version) {
  test::let_settle(root_, "f");
  const auto before = version();
  ::chmod(file_.c_str(), 0600);
  EXPECT_NE(version(), before);
}

// As on file systems that count in seconds or in the kernel's ticks.
TEST_F(Versions, whatever_was_settled_has_another_version_after_any_change) {
  for (int i = 0; i < 20; ++i) {
    const auto before = file();
    test::write_file(file_, i % 2 == 0 ? "CONTENT" : "content");
    EXPECT_TRUE(!before.is_settled || before.version != version());
  }
}

TEST_F(Versions, a_files_date_is_told_in_seconds) {
  date(file_, 784'111'777, 999'999'999);
  EXPECT_EQ(file().modified, std::chrono::sys_seconds(std::chrono::seconds(784'111'777)));
}

TEST_F(Versions, a_file_put_in_its_place_is_another_version) {
  test::write_file(file_ + ".new", "CONTENT");
  date(file_, 1000, 0);
  date(file_ + ".new", 1000, 0);
  const auto before = version();
  std::filesystem::rename(file_ + ".new", file_);
  EXPECT_NE(version(), before);
}

TEST_P(ServedRoots, the_list_holds_the_regular_files_by_name) {
  test::write_file(root_path_ + "/a", "1");
  link("f", "link");
  link("no", "dangling");
  ASSERT_EQ(::mkfifo((root_path_ + "/pipe").c_str(), 0644), 0);
  std::string names;
  const ServedRoot root = make_root();
  for (const auto& entry : root.list()) {
    names += entry.name + ":" + std::to_string(entry.size) + " ";
  }
  EXPECT_EQ(names, "a:1 f:7 link:7 ");
  EXPECT_EQ(root.list().size(), 3U);  // a second time as well
}

// What is listed can be asked for: a link that leads out cannot.
TEST_P(ServedRoots, the_list_leaves_out_what_would_be_refused) {
  link("../secret", "up");
  for (const auto& entry : make_root().list()) {
    EXPECT_EQ(open(entry.name), "open") << entry.name;
  }
}

// With files renamed at the same time the kernel may say "try again" to a path with "..".
TEST_P(ServedRoots, a_way_up_is_followed_while_others_rename) {
  std::atomic<bool> done = false;
  const std::jthread renamer([&] {
    const std::string one = root_path_ + "/sub/one";
    const std::string two = root_path_ + "/sub/two";
    std::filesystem::create_directory(one);
    while (!done) {
      ::rename(one.c_str(), two.c_str());
      ::rename(two.c_str(), one.c_str());
    }
  });
  const ServedRoot root = make_root();
  int opened = 0;
  for (int i = 0; i < 2000; ++i) {
    try {
      opened += outcome(root, "sub/deeper/../../sub/../f") == "open" ? 1 : 0;
    } catch (const std::system_error& error) {
      ADD_FAILURE() << error.what();
      break;
    }
  }
  done = true;
  EXPECT_EQ(opened, 2000);
}

int opened_by_nobody(const ServedRoot& root) {
  if (::geteuid() == 0 && ::setuid(65534) != 0) {
    return 3;
  }
  const bool refused = outcome(root, "secret") == "forbidden" &&
                       outcome(root, "closed/f") == "forbidden" &&
                       outcome(root, "closed/../f") == "forbidden";
  return refused && root.list().size() == 1 ? 0 : 1;
}

// Root may read everything, so the question is put in a process that is nobody.
TEST_P(ServedRoots, files_that_the_server_may_not_read_are_forbidden_and_not_listed) {
  test::write_file(root_path_ + "/secret", "secret");
  ::chmod((root_path_ + "/secret").c_str(), 0);
  std::filesystem::create_directory(root_path_ + "/closed");
  test::write_file(root_path_ + "/closed/f", "secret");
  ::chmod((root_path_ + "/closed").c_str(), 0);
  EXPECT_EQ(test::in_child([&] { return opened_by_nobody(make_root()); }), 0);
  ::chmod((root_path_ + "/closed").c_str(), 0700);
}

TEST_P(ServedRoots, more_links_than_the_kernel_follows_are_too_many) {
  link("f", "link1");
  for (int i = 2; i <= 41; ++i) {
    link("link" + std::to_string(i - 1), "link" + std::to_string(i));
  }
  EXPECT_EQ(open("link40"), "open");
  EXPECT_EQ(open("link41"), "forbidden");
}

TEST_P(ServedRoots, a_slash_at_the_end_asks_for_a_folder) {
  link("f", "link");
  link("sub/", "folder");
  link("f/", "no-folder");
  EXPECT_EQ(open("f/"), "not found");
  EXPECT_EQ(open("f/."), "not found");
  EXPECT_EQ(open("f/.."), "not found");
  EXPECT_EQ(open("link/"), "not found");
  EXPECT_EQ(open("no-folder"), "not found");
  EXPECT_EQ(open("sub/"), "not a file");
  EXPECT_EQ(open("folder"), "not a file");
  EXPECT_EQ(open("folder/"), "not a file");
  EXPECT_EQ(open("folder/f"), "open");
}

TEST_P(ServedRoots, a_link_may_climb_as_far_as_the_root) {
  std::filesystem::create_directory(root_path_ + "/sub/deeper/deepest");
  link("../../../f", "sub/deeper/deepest/to-the-root");
  link("../../../../secret", "sub/deeper/deepest/too-far");
  link("deeper/deepest/..", "sub/there-and-back");
  EXPECT_EQ(open("sub/deeper/deepest/to-the-root"), "open");
  EXPECT_EQ(open("sub/deeper/deepest/too-far"), "forbidden");
  EXPECT_EQ(open("sub/there-and-back/../f"), "open");
  EXPECT_EQ(open("sub/there-and-back/../../../secret"), "forbidden");
}

TEST_P(ServedRoots, a_root_that_is_a_link_is_served) {
  std::filesystem::create_directory_symlink("root", outer_ / "link");
  EXPECT_EQ(outcome(ServedRoot(outer_ / "link", GetParam()), "sub/../f"), "open");
  EXPECT_EQ(outcome(ServedRoot(outer_ / "link", GetParam()), "../secret"), "forbidden");
}

}  // namespace
}  // namespace dlab::storage
