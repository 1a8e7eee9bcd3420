#include "part1_single/block_processor.hpp"

#include <gtest/gtest.h>
#include <time.h>

#include <string>

#include "tests/common/support/hex.hpp"

namespace dlab::part1 {
namespace {

class StringSink : public storage::Sink {
 public:
  void write_at(std::uint64_t offset, std::span<const std::byte> data) override {
    EXPECT_EQ(offset, text.size());
    text += test::text(data);
  }
  std::string text;
};

double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

TEST(BlockProcessor, what_is_processed_is_written_and_hashed) {
  StringSink sink;
  BlockProcessor processor(sink, true, std::nullopt);
  processor.process(0, test::raw("a"));
  processor.process(1, test::raw("bc"));
  EXPECT_EQ(sink.text, "abc");
  EXPECT_EQ(storage::to_hex(processor.finish().value()),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

TEST(BlockProcessor, without_a_wish_for_it_there_is_no_digest) {
  StringSink sink;
  BlockProcessor processor(sink, false, std::nullopt);
  processor.process(0, test::raw("abc"));
  EXPECT_EQ(sink.text, "abc");
  EXPECT_FALSE(processor.finish());
}

TEST(BlockProcessor, an_empty_file_has_the_digest_of_nothing) {
  StringSink sink;
  EXPECT_EQ(storage::to_hex(BlockProcessor(sink, true, std::nullopt).finish().value()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(BlockProcessor, work_costs_cpu_time_in_proportion_to_the_bytes) {
  storage::DiscardSink sink;
  BlockProcessor processor(sink, false, base::BitRate{80e6});  // 10 MB a second
  const std::string data(100'000, 'x');
  const double before = thread_cpu_seconds();
  processor.process(0, test::raw(data));
  EXPECT_GE(thread_cpu_seconds() - before, 0.01);
}

}  // namespace
}  // namespace dlab::part1
