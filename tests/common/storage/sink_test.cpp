#include "common/storage/sink.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "common/base/file_descriptor.hpp"
#include "common/storage/file_io.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/numbers.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::storage {
namespace {

base::FileDescriptor open_for_writing(const std::string& path) {
  return base::FileDescriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}

// Thread t writes every block whose number is t modulo the number of threads, from the back.
void write_from_threads(Sink& sink, std::string_view content, std::size_t threads) {
  constexpr std::size_t kBlock = 100;
  std::vector<std::jthread> writers;
  for (std::size_t t = 0; t < threads; ++t) {
    writers.emplace_back([&sink, content, threads, t] {
      for (std::size_t block = content.size() / kBlock; block-- > 0;) {
        if (block % threads == t) {
          sink.write_at(block * kBlock, test::raw(content.substr(block * kBlock, kBlock)));
        }
      }
    });
  }
}

template <typename AnySink>
class FileSinks : public testing::Test {};
using Kinds = testing::Types<PositionalSink, LockedSink>;
TYPED_TEST_SUITE(FileSinks, Kinds);

TYPED_TEST(FileSinks, pieces_in_any_order_from_many_threads_make_the_file) {
  const test::TempFolder folder;
  const std::string content = test::numbers(50'000);
  {
    const auto file = open_for_writing(folder / "f");
    TypeParam sink(file.get(), folder / "f");
    write_from_threads(sink, content, 4);
  }
  EXPECT_EQ(test::read_file(folder / "f"), content);
}

TYPED_TEST(FileSinks, a_full_disk_is_an_error_that_names_the_file) {
  const base::FileDescriptor full(::open("/dev/full", O_RDWR | O_CLOEXEC));
  ASSERT_TRUE(full.is_open());
  TypeParam sink(full.get(), "movie.part");
  try {
    sink.write_at(0, test::raw("x"));
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_space_on_device);
    EXPECT_EQ(std::string(error.what()), "write movie.part: No space left on device");
  }
}

TYPED_TEST(FileSinks, a_piece_far_out_leaves_a_hole) {
  const test::TempFolder folder;
  const auto file = open_for_writing(folder / "f");
  TypeParam sink(file.get(), folder / "f");
  sink.write_at(std::uint64_t{5} << 30U, test::raw("x"));
  EXPECT_EQ(std::filesystem::file_size(folder / "f"), (std::uint64_t{5} << 30U) + 1);
}

TEST(DiscardSink, takes_everything) {
  DiscardSink sink;
  EXPECT_NO_THROW(sink.write_at(~std::uint64_t{0}, test::raw("x")));
}

TEST(FileIo, reading_stops_at_the_end_of_the_file) {
  const test::TempFolder folder;
  folder.write("f", "abcdef");
  const auto file = open_for_writing(folder / "f");
  std::vector<std::byte> buffer(4);
  EXPECT_EQ(read_some_at(file.get(), 4, buffer), 2U);
  EXPECT_EQ(read_some_at(file.get(), 6, buffer), 0U);
  read_exactly_at(file.get(), 1, buffer);
  EXPECT_EQ(test::text(buffer), "bcde");
  EXPECT_THROW(read_exactly_at(file.get(), 3, buffer), std::system_error);
}

}  // namespace
}  // namespace dlab::storage
