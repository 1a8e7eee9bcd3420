#include "common/download/ordered_sink.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <system_error>
#include <thread>

#include "common/base/check.hpp"
#include "tests/common/support/hex.hpp"

namespace dlab::download {
namespace {

// A pipe that the sink writes to.
class OrderedWriting : public testing::Test {
 protected:
  OrderedWriting() {
    std::array<int, 2> ends{};
    base::check(::pipe2(ends.data(), O_CLOEXEC), "pipe", "");
    reader_ = base::FileDescriptor(ends[0]);
    writer_ = base::FileDescriptor(ends[1]);
    out_.emplace(Target{.is_plain_file = false, .path = "the pipe", .descriptor = writer_.get()});
    out_->open();
  }

  // What has been written and not yet read.
  [[nodiscard]] std::string read() const {
    std::string text(1000, ' ');
    ::fcntl(reader_.get(), F_SETFL, O_NONBLOCK);
    const auto count = ::read(reader_.get(), text.data(), text.size());
    text.resize(count < 0 ? 0 : static_cast<std::size_t>(count));
    return text;
  }
  static void write(OrderedSink& sink, std::uint64_t offset, std::string_view text) {
    sink.write_at(offset, test::raw(text));
  }

  base::FileDescriptor reader_;
  base::FileDescriptor writer_;
  std::optional<OutputStream> out_;
};

TEST_F(OrderedWriting, what_comes_early_waits_for_what_is_before_it) {
  OrderedSink sink(*out_, 100, false);
  write(sink, 3, "def");
  write(sink, 6, "g");
  EXPECT_EQ(read(), "");
  write(sink, 0, "abc");
  EXPECT_EQ(read(), "abcdefg");
}

TEST_F(OrderedWriting, the_digest_is_that_of_the_whole) {
  OrderedSink sink(*out_, 100, true);
  write(sink, 1, "bc");
  write(sink, 0, "a");
  storage::Sha256 expected;
  expected.update(test::raw(std::string_view("abc")));
  EXPECT_EQ(sink.digest(), expected.finish());
}

TEST_F(OrderedWriting, what_comes_twice_is_written_once) {
  OrderedSink sink(*out_, 100, false);
  write(sink, 2, "cdef");
  write(sink, 4, "efg");
  write(sink, 0, "abcd");
  write(sink, 0, "ab");
  write(sink, 5, "fgh");
  EXPECT_EQ(read(), "abcdefgh");
}

TEST_F(OrderedWriting, pieces_go_round_in_the_memory_of_the_window) {
  OrderedSink sink(*out_, 7, true);
  std::string expected;
  for (std::uint64_t at = 0; at < 60; at += 6) {
    write(sink, at + 2, "cdef");
    write(sink, at, "ab");
    expected += "abcdef";
  }
  EXPECT_EQ(read(), expected);
}

TEST_F(OrderedWriting, how_much_is_written_is_told) {
  OrderedSink sink(*out_, 100, false);
  std::vector<std::uint64_t> told;
  sink.tell([&](std::uint64_t written) { told.push_back(written); });
  write(sink, 2, "cd");
  write(sink, 0, "ab");
  write(sink, 4, "e");
  EXPECT_EQ(told, (std::vector<std::uint64_t>{2, 4, 5}));
}

TEST_F(OrderedWriting, bytes_that_nobody_may_ask_for_are_an_error) {
  OrderedSink sink(*out_, 4, false);
  EXPECT_THROW(write(sink, 1, "bcde"), std::logic_error);
  EXPECT_NO_THROW(write(sink, 1, "bcd"));
}

TEST_F(OrderedWriting, once_the_reader_has_left_nothing_is_written_any_more) {
  std::signal(SIGPIPE, SIG_IGN);
  OrderedSink sink(*out_, 100, false);
  reader_.close();
  for (int time = 0; time < 2; ++time) {
    try {
      write(sink, 0, "abc");
      FAIL();
    } catch (const std::system_error& error) {
      EXPECT_EQ(std::string(error.what()), "write the pipe: Broken pipe");
    }
  }
}

TEST_F(OrderedWriting, many_threads_bring_the_pieces_of_one_whole) {
  constexpr std::uint64_t kPieces = 400;
  OrderedSink sink(*out_, kPieces, true);
  {
    std::vector<std::jthread> threads;
    for (std::uint64_t thread = 0; thread < 4; ++thread) {
      threads.emplace_back([&sink, thread] {
        for (std::uint64_t piece = thread; piece < kPieces; piece += 4) {
          write(sink, piece, std::string(1, static_cast<char>('a' + piece % 26)));
        }
      });
    }
  }
  std::string expected;
  for (std::uint64_t piece = 0; piece < kPieces; ++piece) {
    expected += static_cast<char>('a' + piece % 26);
  }
  EXPECT_EQ(read(), expected);
}

}  // namespace
}  // namespace dlab::download
