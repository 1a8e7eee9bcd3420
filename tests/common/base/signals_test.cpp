#include "common/base/signals.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "tests/common/support/child.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::base {
namespace {

TEST(Signals, what_is_ignored_is_not_heard) {
  EXPECT_EQ(test::in_child([] {
              std::signal(SIGHUP, SIG_IGN);
              const sigset_t heard = heard_of({SIGINT, SIGHUP});
              return ::sigismember(&heard, SIGINT) == 1 && ::sigismember(&heard, SIGHUP) == 0 &&
                             is_ignored(SIGHUP) && !is_ignored(SIGINT)
                         ? 0
                         : 1;
            }),
            0);
}

TEST(Signals, a_file_beyond_its_limit_is_an_error) {
  const test::TempFolder folder;
  const std::string path = folder / "f";
  EXPECT_EQ(test::in_child([&] {
              fail_beyond_file_size_limit();
              const rlimit few{.rlim_cur = 1, .rlim_max = 1};
              ::setrlimit(RLIMIT_FSIZE, &few);
              const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
              return ::write(fd, "ab", 2) == 1 && ::write(fd, "b", 1) < 0 && errno == EFBIG ? 0 : 1;
            }),
            0);
}

}  // namespace
}  // namespace dlab::base
