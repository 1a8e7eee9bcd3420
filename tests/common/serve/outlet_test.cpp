#include "common/serve/outlet.hpp"

#include <fcntl.h>

#include <csignal>
#include <filesystem>

#include "tests/common/serve/io_paths.hpp"
#include "tests/common/support/hex.hpp"
#include "tests/common/support/numbers.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::serve {
namespace {

constexpr std::size_t kBuffer = 10'000;
constexpr std::size_t kSize = std::size_t{8} << 20U;  // more than the sockets hold

class Outlets : public testing::TestWithParam<IoPath> {
 protected:
  // As programs do, because of sendfile(2).
  void SetUp() override { std::signal(SIGPIPE, SIG_IGN); }

  int open(const std::string& content) {
    folder_.write("f", content);
    file_ = base::FileDescriptor(::open((folder_ / "f").c_str(), O_RDONLY | O_CLOEXEC));
    return file_.get();
  }
  std::string received(std::size_t size) { return test::text(test::receive(pair_.client, size)); }

  test::TempFolder folder_;
  base::FileDescriptor file_;
  test::StreamPair pair_{test::tiny_buffers()};
  Outlet outlet_{GetParam(), kBuffer};
};

INSTANTIATE_TEST_SUITE_P(Paths, Outlets, testing::ValuesIn(test::kIoPaths), test::name_of);

// The socket is filled until it takes no more, emptied a little, and so on to the end.
TEST_P(Outlets, a_socket_that_does_not_block_is_filled_and_later_goes_on) {
  const std::string content = test::numbers(kSize);
  const int file = open(content);
  pair_.server.set_non_blocking();
  std::string arrived;
  int full = 0;
  for (storage::ByteRange rest{0, kSize}; !rest.empty();) {
    if (const auto sent = outlet_.send(pair_.server, file, rest)) {
      ASSERT_GT(*sent, 0U);
      rest.begin += *sent;
    } else {
      ++full;
      arrived += received(std::min<std::size_t>(4096, rest.begin - arrived.size()));
    }
  }
  pair_.server.shut_down_sending();
  arrived += received(kSize);
  EXPECT_GT(full, 1);
  EXPECT_TRUE(arrived == content);
}

TEST_P(Outlets, one_turn_is_no_longer_than_what_is_asked_for) {
  const int file = open(test::numbers(20'000));
  const auto sent = outlet_.send(pair_.server, file, {4097, 4103});
  EXPECT_EQ(sent, 6U);
  EXPECT_EQ(received(6), test::numbers(20'000).substr(4097, 6));
}

TEST_P(Outlets, a_small_body_leaves_together_with_its_head) {
  const int file = open("0123456789");
  const auto sent = outlet_.send(pair_.server, test::raw("head "), file, {3, 7});
  EXPECT_EQ(sent, 9U);
  EXPECT_EQ(received(9), "head 3456");
}

TEST_P(Outlets, a_big_body_follows_its_head) {
  const std::string content = test::numbers(kSize);
  const int file = open(content);
  pair_.server.set_non_blocking();
  const auto sent = outlet_.send(pair_.server, test::raw("head "), file, {0, kSize});
  ASSERT_TRUE(sent);
  EXPECT_GT(*sent, 5U);
  EXPECT_EQ(received(*sent), "head " + content.substr(0, *sent - 5));
}

TEST_P(Outlets, a_head_may_go_alone) {
  EXPECT_EQ(outlet_.send(pair_.server, test::raw("head"), -1, {}), 4U);
  EXPECT_EQ(received(4), "head");
}

TEST_P(Outlets, nothing_goes_into_a_full_socket) {
  const int file = open(test::numbers(kSize));
  pair_.server.set_non_blocking();
  while (outlet_.send(pair_.server, file, {0, kSize})) {
  }
  EXPECT_FALSE(outlet_.send(pair_.server, test::raw("head"), -1, {}));
  EXPECT_FALSE(outlet_.send(pair_.server, test::raw("head"), file, {0, 100}));
  EXPECT_FALSE(outlet_.send(pair_.server, test::raw("head"), file, {0, kSize}));
}

TEST_P(Outlets, a_file_that_became_shorter_is_said) {
  const int file = open(test::numbers(100'000));
  std::filesystem::resize_file(folder_ / "f", 4096);
  EXPECT_THROW(outlet_.send(pair_.server, file, {8192, 100'000}), FileTruncated);
  EXPECT_THROW(outlet_.send(pair_.server, test::raw("head"), file, {8192, 8292}), FileTruncated);
  EXPECT_THROW(outlet_.send(pair_.server, test::raw("head"), file, {8192, 100'000}), FileTruncated);
}

TEST_P(Outlets, a_client_that_has_left_is_an_error) {
  const int file = open(test::numbers(kSize));
  pair_.client.abort();
  { const net::TcpStream gone = std::move(pair_.client); }
  EXPECT_THROW(
      {
        for (int i = 0; i < 10'000; ++i) {
          outlet_.send(pair_.server, file, {0, kSize});
        }
      },
      std::system_error);
}

}  // namespace
}  // namespace dlab::serve
