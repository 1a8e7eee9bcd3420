#include "common/base/file_descriptor.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <system_error>
#include <type_traits>
#include <utility>

#include "tests/common/support/spent.hpp"

namespace dlab::base {
namespace {

FileDescriptor open_null() {
  return FileDescriptor(::open("/dev/null", O_RDWR | O_CLOEXEC));
}

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

class FileDescriptors : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), before_); }
  int before_ = test::open_descriptors();
};

TEST_F(FileDescriptors, a_default_one_owns_nothing) {
  const FileDescriptor fd;
  EXPECT_FALSE(fd.is_open());
  EXPECT_EQ(fd.get(), -1);
}

TEST_F(FileDescriptors, the_owner_closes_when_it_ends) {
  int number = -1;
  {
    const FileDescriptor fd = open_null();
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST_F(FileDescriptors, closing_twice_does_not_close_a_strangers_descriptor) {
  FileDescriptor first = open_null();
  const int number = first.get();
  first.close();
  const FileDescriptor stranger = open_null();  // the kernel hands out the lowest free number
  ASSERT_EQ(stranger.get(), number);
  first.close();
  EXPECT_TRUE(is_open(number));
}

TEST_F(FileDescriptors, moving_hands_the_ownership_on) {
  FileDescriptor first = open_null();
  const int number = first.get();
  const FileDescriptor second(std::move(first));
  EXPECT_FALSE(first.is_open());  // NOLINT(bugprone-use-after-move)
  EXPECT_EQ(second.get(), number);
}

TEST_F(FileDescriptors, assigning_closes_what_was_owned_before) {
  FileDescriptor first = open_null();
  FileDescriptor second = open_null();
  const int old_number = second.get();
  const int number = first.get();
  second = std::move(first);
  EXPECT_FALSE(is_open(old_number));
  EXPECT_EQ(second.get(), number);
}

TEST_F(FileDescriptors, assigning_to_itself_changes_nothing) {
  FileDescriptor fd = open_null();
  const int number = fd.get();
  FileDescriptor& itself = fd;
  fd = std::move(itself);
  EXPECT_EQ(fd.get(), number);
  EXPECT_TRUE(is_open(number));
}

TEST_F(FileDescriptors, a_duplicate_outlives_the_original_and_is_closed_on_exec) {
  FileDescriptor first = open_null();
  const FileDescriptor second = first.duplicate();
  EXPECT_NE(second.get(), first.get());
  first.close();
  EXPECT_TRUE(is_open(second.get()));
  EXPECT_EQ(::fcntl(second.get(), F_GETFD), FD_CLOEXEC);
}

TEST_F(FileDescriptors, nothing_cannot_be_duplicated) {
  EXPECT_THROW(static_cast<void>(FileDescriptor().duplicate()), std::system_error);
}

static_assert(!std::is_copy_constructible_v<FileDescriptor>);
static_assert(!std::is_copy_assignable_v<FileDescriptor>);

}  // namespace
}  // namespace dlab::base
