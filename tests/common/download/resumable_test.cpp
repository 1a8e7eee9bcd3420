#include "common/download/resumable.hpp"

#include <gtest/gtest.h>

#include "common/base/errors.hpp"
#include "common/storage/file_io.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::download {
namespace {

class Resumption : public testing::Test {
 protected:
  // One run of a download of "content", which brings so much of it and then does `end`.
  void run(bool resume, std::uint64_t bytes, const std::function<void()>& end,
           const std::string& name = "f") {
    Resumable file(target_, name, resume, storage::WriterKind::positional);
    file.complete(
        [&](const Attempt& attempt) {
          found_.push_back(attempt.record);
          attempt.resize(kContent.size());
          attempt.received.start(attempt.record.value_or(
              storage::ControlRecord{.name = name, .size = kContent.size(), .version = 7}));
          attempt.sink.write_at(0, test::raw(kContent).first(static_cast<std::size_t>(bytes)));
          attempt.received.add({0, bytes});
          end();
        },
        [&](const Outdated& why) { said_.emplace_back(why.what()); });
  }
  // The same, and it fails.
  template <typename Error>
  void run_into(const Error& error, bool resume, std::uint64_t bytes) {
    EXPECT_THROW(run(resume, bytes, [&] { throw error; }), Error);
  }
  [[nodiscard]] bool has_leftovers() const {
    EXPECT_EQ(folder_.has("f.part"), folder_.has("f.part.dlab"));
    return folder_.has("f.part");
  }

  static constexpr std::string_view kContent = "content";
  test::TempFolder folder_;
  std::string target_ = folder_ / "f";
  std::vector<std::optional<storage::ControlRecord>> found_;  // by each attempt
  std::vector<std::string> said_;                             // of starting over
};

const std::runtime_error kTrouble("connection reset");
void done() {}

TEST_F(Resumption, what_came_before_a_failure_is_found_by_the_next_run) {
  run_into(kTrouble, false, 3);
  EXPECT_TRUE(has_leftovers());
  run(true, 7, done);
  ASSERT_EQ(found_.size(), 2U);
  EXPECT_FALSE(found_[0]);
  ASSERT_TRUE(found_[1]);
  EXPECT_EQ(found_[1]->received, (std::vector<storage::ByteRange>{{0, 3}}));
  EXPECT_EQ(test::read_file(target_), kContent);
  EXPECT_FALSE(has_leftovers());
}

TEST_F(Resumption, a_failure_before_the_first_byte_leaves_nothing) {
  run_into(kTrouble, false, 0);
  EXPECT_FALSE(has_leftovers());
}

TEST_F(Resumption, a_resumption_that_brings_nothing_keeps_what_it_found) {
  run_into(kTrouble, false, 3);
  run_into(kTrouble, true, 0);
  EXPECT_TRUE(has_leftovers());
}

TEST_F(Resumption, unless_it_is_asked_for_leftovers_are_replaced) {
  run_into(kTrouble, false, 3);
  run(false, 7, done);
  EXPECT_FALSE(found_.at(1));
  EXPECT_EQ(test::read_file(target_), kContent);
}

TEST_F(Resumption, a_record_of_another_name_or_of_another_size_is_not_gone_on_from) {
  run_into(kTrouble, false, 3);
  run(true, 7, done, "g");
  EXPECT_FALSE(found_.at(1));
  run_into(kTrouble, false, 3);
  std::filesystem::resize_file(folder_ / "f.part", kContent.size() + 1);
  run(true, 7, done);
  EXPECT_FALSE(found_.at(3));
}

TEST_F(Resumption, what_is_outdated_is_brought_anew_in_the_same_run) {
  run_into(kTrouble, false, 3);
  run(true, 7, [&] {
    if (found_.back()) {
      throw Outdated("it has changed");
    }
  });
  ASSERT_EQ(found_.size(), 3U);
  EXPECT_TRUE(found_[1]);
  EXPECT_FALSE(found_[2]);
  EXPECT_EQ(said_, std::vector<std::string>{"it has changed"});
  EXPECT_EQ(test::read_file(target_), kContent);
  EXPECT_FALSE(has_leftovers());
}

TEST_F(Resumption, what_is_spoilt_or_not_what_was_sent_is_not_kept) {
  run_into(Spoilt("two files"), false, 3);
  EXPECT_FALSE(has_leftovers());
  run_into(kTrouble, false, 3);
  run_into(base::IntegrityError("another digest"), true, 7);
  EXPECT_FALSE(has_leftovers());
  EXPECT_FALSE(folder_.has("f"));
}

}  // namespace
}  // namespace dlab::download
