#include "common/base/check.hpp"

#include <gtest/gtest.h>

namespace dlab::base {
namespace {

std::string text_of(int result, std::string_view operation, std::string_view object) {
  try {
    check(result, operation, object);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "";
}

TEST(Check, the_text_tells_operation_object_and_reason) {
  errno = ECONNREFUSED;
  EXPECT_EQ(text_of(-1, "connect", "127.0.0.1:9000"), "connect 127.0.0.1:9000: Connection refused");
}

TEST(Check, an_operation_without_an_object_stands_alone) {
  errno = EMFILE;
  EXPECT_EQ(text_of(-1, "eventfd", ""), "eventfd: Too many open files");
}

TEST(Check, an_object_of_a_foreign_name_cannot_steer_a_terminal) {
  errno = ENOENT;
  EXPECT_EQ(text_of(-1, "open", "a\x1b[2J\nb"), "open a?[2J?b: No such file or directory");
}

TEST(Check, a_result_that_is_not_negative_passes) {
  EXPECT_EQ(check(0, "read", "file"), 0);
  EXPECT_EQ(check(7L, "read", "file"), 7L);
}

TEST(Check, the_code_is_the_errno_of_the_call) {
  errno = ENOENT;
  try {
    check(-1, "open", "x");
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_EQ(error.code().category(), std::generic_category());
  }
}

TEST(RetryInterrupted, calls_again_after_a_signal_and_only_then) {
  int calls = 0;
  EXPECT_EQ(retry_interrupted([&] {
              errno = EINTR;
              return ++calls < 3 ? -1 : calls;
            }),
            3);
  calls = 0;
  EXPECT_EQ(retry_interrupted([&] {
              ++calls;
              errno = EAGAIN;
              return -1;
            }),
            -1);
  EXPECT_EQ(calls, 1);
}

}  // namespace
}  // namespace dlab::base
