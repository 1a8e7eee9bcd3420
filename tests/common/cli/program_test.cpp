#include "common/cli/program.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <csignal>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "common/cli/terminal.hpp"
#include "tests/common/support/child.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::cli {
namespace {

struct Ended {
  int exit_code;
  std::string error;
};

template <typename Body>
Ended ended(Body body) {
  testing::internal::CaptureStderr();
  const int exit_code = run_program("test", body);
  return {exit_code, testing::internal::GetCapturedStderr()};
}

TEST(RunProgram, a_body_that_returns_is_done_and_says_nothing) {
  const auto end = ended([] {});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.error, "");
}

TEST(RunProgram, what_the_system_refuses_is_a_failure_on_one_line) {
  const auto end =
      ended([] { base::throw_system_error(ECONNREFUSED, "connect", "127.0.0.1:9001"); });
  EXPECT_EQ(end.exit_code, 1);
  EXPECT_EQ(end.error, "test: connect 127.0.0.1:9001: Connection refused\n");
}

TEST(RunProgram, each_kind_of_error_has_its_exit_code) {
  EXPECT_EQ(ended([] { throw base::UsageError("wrong"); }).exit_code, 2);
  EXPECT_EQ(ended([] { throw base::IntegrityError("damaged"); }).exit_code, 3);
  EXPECT_EQ(ended([] { throw base::Interrupted(); }).exit_code, 1);
  EXPECT_EQ(ended([] { throw std::bad_alloc(); }).exit_code, 1);
}

TEST(RunProgram, a_broken_pipe_is_an_error_and_no_signal) {
  EXPECT_EQ(test::in_child([] { return run_program("test", [] { std::raise(SIGPIPE); }); }), 0);
}

class ReportOn : public testing::Test {
 protected:
  template <typename Body>
  Ended ended(Body body) {
    options_.report = folder_ / "report.json";
    report_.program = "test";
    testing::internal::CaptureStderr();
    const int exit_code = report_on(options_, report_, body);
    return {exit_code, testing::internal::GetCapturedStderr()};
  }
  std::string written() { return test::read_file(options_.report); }

  test::TempFolder folder_;
  ClientOptions options_;
  report::TransferReport report_;
};

TEST_F(ReportOn, a_failure_stands_in_the_report_as_well) {
  const auto end = ended([] { throw base::IntegrityError("damaged"); });
  EXPECT_EQ(end.exit_code, 3);
  EXPECT_EQ(end.error, "test: damaged\n");
  EXPECT_NE(written().find("\"status\": \"failed\""), std::string::npos);
  EXPECT_NE(written().find("\"error\": \"damaged\""), std::string::npos);
  EXPECT_NE(written().find("\"exit_code\": 3"), std::string::npos);
}

TEST_F(ReportOn, success_is_summed_up_on_a_line_unless_quiet) {
  report_.name = "a.jpg";
  report_.verified = true;
  const auto end = ended([] {});
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_TRUE(end.error.starts_with("a.jpg: 0 B in ")) << end.error;
  EXPECT_TRUE(end.error.ends_with(", verified\n")) << end.error;
  options_.quiet = true;
  EXPECT_EQ(ended([] {}).error, "");
}

TEST_F(ReportOn, a_report_that_cannot_be_written_is_a_failure) {
  options_.quiet = true;
  options_.report = "/no/such/folder/report.json";
  report_.program = "test";
  testing::internal::CaptureStderr();
  EXPECT_EQ(report_on(options_, report_, [] {}), 1);
  EXPECT_NE(testing::internal::GetCapturedStderr().find("/no/such/folder/report.json"),
            std::string::npos);
}

TEST(ChooseFile, a_file_that_is_named_is_taken) {
  ClientOptions options;
  options.name = "a.jpg";
  EXPECT_EQ(choose_file(options), "a.jpg");
}

TEST(ChooseFile, without_a_name_and_without_a_terminal_the_command_line_is_wrong) {
  EXPECT_EQ(test::in_child([] {
              ::close(STDIN_FILENO);
              return run_program("test", [] { choose_file({}); });
            }),
            2);
}

TEST(ShowProgress, nothing_is_shown_where_there_is_no_terminal) {
  const report::Progress progress(1);
  EXPECT_EQ(show_progress("f", progress, true), nullptr);
  testing::internal::CaptureStderr();  // a file stands for stderr
  EXPECT_EQ(show_progress("f", progress, false), nullptr);
  testing::internal::GetCapturedStderr();
}

}  // namespace
}  // namespace dlab::cli
