#include "common/net/tcp_stream.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <limits.h>
#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/interruptions.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::net {
namespace {

using namespace std::chrono_literals;

template <typename Call>
std::string error_of(Call call) {
  try {
    call();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "no error";
}

std::string receive_all(TcpStream& stream) {
  std::string text;
  std::vector<std::byte> buffer(4096);
  while (const std::size_t count = stream.receive_some(buffer)) {
    text += test::text(std::span(buffer).first(count));
  }
  return text;
}

std::string pattern(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) {
    text[i] = static_cast<char>('a' + (i * i + i / 251) % 26);
  }
  return text;
}

class Streams : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), descriptors_); }
  int descriptors_ = test::open_descriptors();
};

TEST_F(Streams, what_is_sent_arrives_and_a_clean_end_is_no_bytes) {
  test::StreamPair pair;
  pair.client.send_all(test::raw("hello"));
  pair.client.shut_down_sending();
  EXPECT_EQ(receive_all(pair.server), "hello");
}

TEST_F(Streams, a_peer_that_sends_nothing_times_out) {
  test::StreamPair pair;
  pair.server.set_stall_timeout(10ms);
  std::vector<std::byte> buffer(1);
  EXPECT_EQ(error_of([&] { pair.server.receive_some(buffer); }),
            "receive from " + pair.server.peer() + ": Connection timed out");
}

TEST_F(Streams, a_peer_that_never_reads_times_out) {
  test::StreamPair pair(test::tiny_buffers());
  pair.server.set_stall_timeout(10ms);
  const std::string much(1'000'000, 'x');
  EXPECT_EQ(error_of([&] { pair.server.send_all(test::raw(much)); }),
            "send to " + pair.server.peer() + ": Connection timed out");
}

TEST_F(Streams, sending_to_one_who_has_left_is_an_error_and_no_signal) {
  test::StreamPair pair;
  const std::string peer = pair.server.peer();
  { const TcpStream gone = std::move(pair.client); }
  const std::string much(1'000'000, 'x');
  const std::string error = error_of([&] {
    for (;;) {
      pair.server.send_all(test::raw(much));
    }
  });
  EXPECT_TRUE(error == "send to " + peer + ": Broken pipe" ||
              error == "send to " + peer + ": Connection reset by peer")
      << error;
}

// Many pieces of all sizes, empty ones too, more than one system call takes.
std::vector<iovec> cut(std::string& text) {
  std::vector<iovec> pieces;
  std::size_t position = 0;
  for (std::size_t i = 0; position < text.size(); ++i) {
    const std::size_t size = std::min((i % 7) * (i % 5) * 13, text.size() - position);
    pieces.push_back({text.data() + position, size});
    position += size;
  }
  pieces.push_back({text.data(), 0});
  return pieces;
}

TEST_F(Streams, pieces_arrive_whole_though_the_kernel_takes_them_in_parts) {
  test::StreamPair pair(test::tiny_buffers());
  std::string text = pattern(500'000);
  auto pieces = cut(text);
  ASSERT_GT(pieces.size(), static_cast<std::size_t>(IOV_MAX));
  std::jthread sender([&] {
    pair.client.send_pieces(pieces);
    pair.client.shut_down_sending();
  });
  EXPECT_EQ(receive_all(pair.server), text);
}

TEST_F(Streams, nothing_in_no_pieces_is_sent) {
  test::StreamPair pair;
  std::array<iovec, 2> empty{};
  pair.client.send_pieces(empty);
  pair.client.send_pieces({});
  pair.client.shut_down_sending();
  EXPECT_EQ(receive_all(pair.server), "");
}

TEST_F(Streams, a_file_is_sent_from_where_it_is_asked_for) {
  const test::TempFolder folder;
  const base::FileDescriptor file(
      ::open(folder.write("f", "0123456789").c_str(), O_RDONLY | O_CLOEXEC));
  test::StreamPair pair;
  EXPECT_EQ(pair.client.send_file_some(file.get(), 7, 2), 2U);
  EXPECT_EQ(pair.client.send_file_some(file.get(), 8, 100), 2U);
  EXPECT_EQ(pair.client.send_file_some(file.get(), 10, 100), 0U);
  pair.client.shut_down_sending();
  EXPECT_EQ(receive_all(pair.server), "7889");
}

TEST_F(Streams, shutting_down_wakes_who_waits) {
  test::StreamPair pair;
  std::promise<std::size_t> received;
  const std::jthread reader([&] {
    std::vector<std::byte> buffer(1);
    received.set_value(pair.server.receive_some(buffer));
  });
  pair.server.shut_down();
  EXPECT_EQ(received.get_future().get(), 0U);
}

// The window is full when the reader gives up, and what had arrived is read to its end: without a
// reset nobody would ever tell the sender.
TEST_F(Streams, aborting_ends_a_peer_that_waits_for_the_window) {
  test::StreamPair pair;
  pair.server.set_stall_timeout(10s);
  std::promise<std::string> ended;
  const std::jthread sender([&] {
    const std::string much(std::size_t{1} << 20U, 'x');
    ended.set_value(error_of([&] {
      for (;;) {
        pair.server.send_all(test::raw(much));
      }
    }));
  });
  int unsent = 0;  // what the full window holds back (tcp(7), linux/sockios.h)
  while (unsent == 0) {
    ASSERT_EQ(::ioctl(pair.server.fd(), SIOCOUTQNSD, &unsent), 0);
  }
  pair.client.abort();
  error_of([&] { receive_all(pair.client); });  // more that arrives may reset it already
  { const net::TcpStream closed = std::move(pair.client); }
  const auto end = ended.get_future().get();
  EXPECT_EQ(end.find("timed out"), std::string::npos) << end;
}

// What the peer sent and we did not read must not turn our last words into a reset.
TEST_F(Streams, lingering_lets_the_last_words_arrive) {
  for (int round = 0; round < 20; ++round) {
    test::StreamPair pair;
    pair.client.send_all(test::raw(std::string(100'000, 'x')));
    pair.server.send_all(test::raw("no"));
    std::jthread server(
        [stream = std::move(pair.server)]() mutable { stream.linger(test::kLong); });
    EXPECT_EQ(error_of([&] { EXPECT_EQ(receive_all(pair.client), "no"); }), "no error");
    pair.client.shut_down_sending();
  }
}

TEST_F(Streams, lingering_ends_though_the_peer_stays) {
  test::StreamPair pair;
  pair.server.linger(1ms);
  EXPECT_EQ(receive_all(pair.client), "");
}

// A signal ends a call early, and with SO_RCVTIMEO and SO_SNDTIMEO the next one has its whole time
// again: whoever was interrupted often enough waited for ever.
class InterruptedStreams : public testing::Test {
 protected:
  // That `move` times out after 20 ms and not earlier.
  template <typename Move>
  void expect_time_out(Move move) {
    pair_.server.set_stall_timeout(20ms);
    const test::Interruptions interruptions;
    const auto begun = base::Clock::now();
    EXPECT_NE(error_of(move).find("timed out"), std::string::npos);
    EXPECT_GE(base::Clock::now() - begun, 20ms);
  }

  std::string much_ = std::string(1'000'000, 'x');
  test::StreamPair pair_{test::tiny_buffers()};
};

TEST_F(InterruptedStreams, a_receive_times_out_at_its_moment) {
  expect_time_out([this] { receive_all(pair_.server); });
}

TEST_F(InterruptedStreams, a_send_times_out_at_its_moment) {
  expect_time_out([this] { pair_.server.send_all(test::raw(much_)); });
}

TEST_F(InterruptedStreams, pieces_time_out_at_their_moment) {
  std::array<iovec, 1> piece{{{much_.data(), much_.size()}}};
  expect_time_out([&] { pair_.server.send_pieces(piece); });
}

TEST_F(InterruptedStreams, a_file_times_out_at_its_moment) {
  const test::TempFolder folder;
  const base::FileDescriptor file(::open(folder.write("f", much_).c_str(), O_RDONLY | O_CLOEXEC));
  expect_time_out([&] {
    for (std::uint64_t sent = 0; sent < much_.size();) {
      sent += pair_.server.send_file_some(file.get(), sent, much_.size() - sent);
    }
  });
}

TEST_F(InterruptedStreams, what_comes_meanwhile_is_received) {
  const test::Interruptions interruptions;
  const std::jthread client([this] {
    pair_.client.send_all(test::raw(much_));
    pair_.client.shut_down_sending();
  });
  EXPECT_EQ(receive_all(pair_.server), much_);
}

TEST_F(InterruptedStreams, lingering_goes_on_until_its_moment) {
  const test::Interruptions interruptions;
  const auto begun = base::Clock::now();
  pair_.server.linger(20ms);
  EXPECT_GE(base::Clock::now() - begun, 20ms);
}

}  // namespace
}  // namespace dlab::net
