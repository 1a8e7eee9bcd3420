#include "common/storage/digest_service.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <stdexcept>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include "tests/common/support/spent.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

using namespace std::chrono_literals;

constexpr auto kLong = std::chrono::seconds(60);
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

class DigestServices : public testing::Test {
 protected:
  void TearDown() override {
    EXPECT_EQ(test::open_descriptors(), descriptors_);
    EXPECT_EQ(test::threads_left(threads_), threads_);
  }
  // As if nobody had written to it lately.
  [[nodiscard]] ServedFile open(const std::string& name) const {
    auto file = std::get<ServedFile>(ServedRoot(folder_.path()).open(name));
    file.is_settled = true;
    return file;
  }

  test::TempFolder folder_;
  int descriptors_ = test::open_descriptors();
  int threads_ = test::running_threads();
};

TEST_F(DigestServices, a_file_is_digested) {
  folder_.write("f", "abc");
  DigestService service;
  const auto job = service.digest_of(open("f"));
  const auto value = job->wait(kLong);
  ASSERT_TRUE(value);
  EXPECT_EQ(to_hex(*value), kAbc);
  EXPECT_EQ(job->done(), 3U);
}

TEST_F(DigestServices, the_same_version_is_computed_once) {
  folder_.write("f", "abc");
  DigestService service;
  const auto first = service.digest_of(open("f"));
  const auto second = service.digest_of(open("f"));
  EXPECT_EQ(first, second);
  EXPECT_TRUE(first->wait(kLong));
  EXPECT_EQ(service.digest_of(open("f")), first);
}

// Its version may yet come to mean other bytes.
TEST_F(DigestServices, of_a_file_that_was_just_written_nothing_is_remembered) {
  folder_.write("f", "abc");
  DigestService service;
  const auto young = [&] {
    auto file = open("f");
    file.is_settled = false;
    return service.digest_of(std::move(file));
  };
  const auto first = young();
  EXPECT_NE(young(), first);
  const auto settled = service.digest_of(open("f"));
  EXPECT_NE(settled, first);
  EXPECT_NE(young(), settled);
  EXPECT_EQ(service.digest_of(open("f")), settled);
  EXPECT_EQ(first->wait(kLong), settled->wait(kLong));
}

TEST_F(DigestServices, another_version_is_another_job) {
  folder_.write("f", "abc");
  DigestService service;
  const auto first = service.digest_of(open("f"));
  folder_.write("f", "abcd");
  const auto second = service.digest_of(open("f"));
  EXPECT_NE(first, second);
  EXPECT_NE(first->wait(kLong), second->wait(kLong));
}

TEST_F(DigestServices, a_failure_is_told_and_not_remembered) {
  folder_.write("f", "abc");
  DigestService service;
  ServedFile promised = open("f");
  promised.size = 4;  // as if it had been truncated since
  const auto version = promised.version;
  const auto failed = service.digest_of(std::move(promised));
  EXPECT_THROW(failed->wait(kLong), std::system_error);
  EXPECT_THROW(failed->wait(kLong), std::system_error);
  const auto again = service.digest_of(open("f"));
  EXPECT_EQ(open("f").version, version);
  EXPECT_NE(again, failed);
  EXPECT_TRUE(again->wait(kLong));
}

TEST_F(DigestServices, a_wait_that_is_too_short_brings_nothing) {
  folder_.write("huge", "");
  ASSERT_EQ(::truncate((folder_ / "huge").c_str(), off_t{1} << 42U), 0);
  DigestService service;
  EXPECT_FALSE(service.digest_of(open("huge"))->wait(1ms));
}

TEST_F(DigestServices, stopping_gives_up_what_is_being_computed) {
  folder_.write("huge", "");
  ASSERT_EQ(::truncate((folder_ / "huge").c_str(), off_t{1} << 42U), 0);
  std::shared_ptr<DigestService::Job> job;
  {
    DigestService service;
    job = service.digest_of(open("huge"));
    while (job->done() == 0) {
      std::this_thread::yield();  // it has begun
    }
  }
  EXPECT_THROW(job->wait(kLong), std::runtime_error);
}

TEST_F(DigestServices, many_may_ask_at_once) {
  folder_.write("f", "abc");
  DigestService service;
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> askers;
    for (int i = 0; i < 8; ++i) {
      askers.emplace_back([&] {
        const auto value = service.digest_of(open("f"))->wait(kLong);
        right += value && to_hex(*value) == kAbc ? 1 : 0;
      });
    }
  }
  EXPECT_EQ(right, 8);
}

}  // namespace
}  // namespace dlab::storage
