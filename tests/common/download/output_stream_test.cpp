#include "common/download/output_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <system_error>
#include <thread>

#include "common/base/check.hpp"
#include "common/base/errors.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/temp_folder.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::download {
namespace {

Target stream(const std::string& path, std::optional<int> descriptor = std::nullopt) {
  return {.is_plain_file = false, .path = path, .descriptor = descriptor};
}

std::string make_fifo(const test::TempFolder& folder) {
  base::check(::mkfifo((folder / "fifo").c_str(), 0600), "mkfifo", "");
  return folder / "fifo";
}

TEST(OutputStream, a_fifo_is_written_to_once_somebody_reads_it) {
  const test::TempFolder folder;
  const std::string fifo = make_fifo(folder);
  std::string read;
  const std::string sent(300'000, 'x');  // more than a pipe holds
  std::jthread reader([&] { read = test::read_file(fifo); });
  {
    OutputStream out(stream(fifo));
    out.open();
    out.write(test::raw(sent));
  }
  reader.join();
  EXPECT_EQ(read, sent);
}

TEST(OutputStream, the_wait_for_a_reader_can_be_ended) {
  const test::TempFolder folder;
  OutputStream out(stream(make_fifo(folder)));
  const std::jthread other([&] { out.stop(); });
  EXPECT_THROW(out.open(), base::Interrupted);
}

TEST(OutputStream, the_wait_for_a_reader_who_does_not_read_can_be_ended) {
  std::array<int, 2> ends{};
  base::check(::pipe2(ends.data(), O_CLOEXEC), "pipe", "");
  const base::FileDescriptor reader(ends[0]);
  const base::FileDescriptor writer(ends[1]);
  OutputStream out(stream("the pipe", writer.get()));
  out.open();
  const std::jthread other([&] {
    test::until([&] { return test::waiting_bytes(reader.get()) >= 60'000; });
    out.stop();
  });
  EXPECT_THROW(out.write(test::raw(std::string(1'000'000, 'x'))), base::Interrupted);
}

TEST(OutputStream, a_file_that_is_open_already_is_written_to_where_it_stands) {
  const test::TempFolder folder;
  const std::string path = folder.write("log", "before ");
  const base::FileDescriptor file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC));
  OutputStream out(stream("/dev/stdout", file.get()));
  out.open();
  out.write(test::raw(std::string("after")));
  EXPECT_EQ(test::read_file(path), "before after");
}

TEST(OutputStream, a_descriptor_that_cannot_be_written_to_is_an_error) {
  const test::TempFolder folder;
  const base::FileDescriptor file(::open(folder.write("f", "").c_str(), O_RDONLY | O_CLOEXEC));
  OutputStream out(stream("/dev/fd/9", file.get()));
  EXPECT_THROW(out.open(), std::system_error);
  OutputStream closed(stream("/dev/fd/999", 999));
  EXPECT_THROW(closed.open(), std::system_error);
}

TEST(OutputStream, a_full_device_is_told) {
  OutputStream out(stream("/dev/full"));
  out.open();
  try {
    out.write(test::raw(std::string("a")));
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_space_on_device);
  }
}

}  // namespace
}  // namespace dlab::download
