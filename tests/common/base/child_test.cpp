#include "common/base/child.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/common/support/child.hpp"

namespace dlab::base {
namespace {

// The child holds the writing end of a pipe: it reads as ended when the child has gone.
TEST(Child, it_dies_with_its_parent_though_nobody_ends_it) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  EXPECT_EQ(test::in_child([&] {
              const pid_t parent = ::getpid();
              if (::fork() == 0) {
                const char alive = die_with(parent) ? 'y' : 'n';
                [[maybe_unused]] const auto written = ::write(pipe[1], &alive, 1);
                for (;;) {
                  ::pause();
                }
              }
              char alive = 0;
              [[maybe_unused]] const auto count = ::read(pipe[0], &alive, 1);
              return static_cast<int>(alive);
            }),
            'y');
  ::close(pipe[1]);
  char byte = 0;
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0);
  ::close(pipe[0]);
}

TEST(Child, one_whose_parent_has_gone_already_is_told_so) {
  EXPECT_EQ(test::in_child([] { return die_with(::getpid()) ? 1 : 0; }), 0);
}

TEST(Child, messages_stay_whole_between_it_and_its_parent) {
  const auto [ours, theirs] = message_sockets("for a test");
  ASSERT_EQ(::send(theirs.get(), "one", 3, 0), 3);
  ASSERT_EQ(::send(theirs.get(), "two", 3, 0), 3);
  std::array<char, 16> message{};
  EXPECT_EQ(::recv(ours.get(), message.data(), message.size(), 0), 3);
  EXPECT_STREQ(message.data(), "one");
}

}  // namespace
}  // namespace dlab::base
