#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <optional>
#include <system_error>
#include <thread>

#include "common/base/check.hpp"
#include "common/net/open_streams.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::net {
namespace {

using namespace std::chrono_literals;

// A port of our own on which nobody listens.
class SilentPort {
 public:
  SilentPort() : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    base::check(::bind(socket_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address),
                "bind", "");
  }
  [[nodiscard]] SocketAddress address() const { return local_address(socket_.get()); }
  [[nodiscard]] int fd() const { return socket_.get(); }

 private:
  base::FileDescriptor socket_;
};

// One connection fills the queue of a listener that never accepts; the next gets no answer.
class SilentHost {
 public:
  SilentHost() {
    base::check(::listen(port_.fd(), 0), "listen", "");
    first_.emplace(TcpStream::connect(std::vector{port_.address()}, {}, test::kLong));
    pollfd queued{.fd = port_.fd(), .events = POLLIN, .revents = 0};
    base::check(::poll(&queued, 1, -1), "poll", "");
  }
  [[nodiscard]] SocketAddress address() const { return port_.address(); }

 private:
  SilentPort port_;
  std::optional<TcpStream> first_;
};

// Has a SYN to `port` had no answer yet? (proc_pid_net(5): state 02 is SYN_SENT)
bool somebody_connects_to(std::uint16_t port) {
  std::array<char, 16> wanted{};
  std::snprintf(wanted.data(), wanted.size(), ":%04X 02 ", port);
  return test::read_file("/proc/self/net/tcp").find(wanted.data()) != std::string::npos;
}

std::string failure(const std::vector<SocketAddress>& addresses, base::Duration timeout,
                    OpenStreams* open = nullptr) {
  try {
    TcpStream::connect(addresses, {}, timeout, open);
  } catch (const std::system_error& error) {
    return error.what();
  }
  return "connected";
}

class Connecting : public testing::Test {
 protected:
  void TearDown() override { EXPECT_EQ(test::open_descriptors(), descriptors_); }
  int descriptors_ = test::open_descriptors();
};

TEST_F(Connecting, nobody_listening_is_refused_at_once) {
  const SilentPort port;
  EXPECT_EQ(failure({port.address()}, test::kLong),
            "connect " + port.address().text() + ": Connection refused");
}

TEST_F(Connecting, a_server_that_does_not_answer_times_out) {
  const SilentHost host;
  EXPECT_EQ(failure({host.address()}, 50ms),
            "connect " + host.address().text() + ": Connection timed out");
}

TEST_F(Connecting, a_shutdown_ends_the_wait_for_a_server_that_does_not_answer) {
  const SilentHost host;
  OpenStreams open;
  std::string error;
  std::jthread connecting([&] { error = failure({host.address()}, test::kLong, &open); });
  test::until([&] { return somebody_connects_to(host.address().port()); });
  open.shut_down_all();
  connecting.join();
  EXPECT_EQ(error.find("connect " + host.address().text() + ": Connection "), 0U) << error;
  EXPECT_EQ(error.find("timed out"), std::string::npos) << error;
}

TEST_F(Connecting, after_a_shutdown_nobody_waits_for_a_server) {
  const SilentHost host;
  OpenStreams open;
  open.shut_down_all();
  EXPECT_EQ(failure({host.address()}, test::kLong, &open).find("timed out"), std::string::npos);
  EXPECT_NE(failure({host.address()}, test::kLong, &open), "connected");
}

TEST_F(Connecting, the_next_address_is_tried_when_one_refuses) {
  const SilentPort silent;
  TcpListener listener({"127.0.0.1", 0}, 1, {});
  const std::vector addresses{silent.address(), listener.address()};
  const auto stream = TcpStream::connect(addresses, {}, test::kLong);
  EXPECT_EQ(stream.peer(), listener.address().text());
}

TEST_F(Connecting, when_all_refuse_the_last_is_reported) {
  const SilentPort first;
  const SilentPort second;
  EXPECT_EQ(failure({first.address(), second.address()}, test::kLong),
            "connect " + second.address().text() + ": Connection refused");
}

TEST_F(Connecting, both_ends_know_each_other) {
  const test::StreamPair pair;
  EXPECT_EQ(pair.client.peer(), pair.listener.address().text());
  EXPECT_EQ(pair.server.peer(), "127.0.0.1:" + std::to_string(pair.client.local_port()));
  EXPECT_EQ(peer_address(pair.server.fd()).port(), pair.client.local_port());
}

TEST_F(Connecting, a_port_in_use_is_named) {
  const TcpListener listener({"127.0.0.1", 0}, 1, {});
  const std::string address = listener.address().text();
  try {
    const TcpListener second({"127.0.0.1", listener.address().port()}, 1, {});
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_NE(std::string(error.what()).find(address + ": Address already in use"),
              std::string::npos)
        << error.what();
  }
}

TEST_F(Connecting, an_unknown_congestion_algorithm_is_named) {
  SocketOptions options;
  options.congestion = "no-such";
  try {
    const TcpListener listener({"127.0.0.1", 0}, 1, options);
    FAIL();
  } catch (const std::system_error& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("set congestion control no-such of"));
  }
}

TEST_F(Connecting, accepted_sockets_inherit_what_was_asked_for) {
  SocketOptions options;
  options.congestion = "reno";
  options.max_pacing_rate = base::BitRate{8e6};
  const test::StreamPair pair(options);
  EXPECT_EQ(congestion_algorithm(pair.server.fd()), "reno");
  unsigned long bytes_per_s = 0;
  socklen_t length = sizeof bytes_per_s;
  base::check(getsockopt(pair.server.fd(), SOL_SOCKET, SO_MAX_PACING_RATE, &bytes_per_s, &length),
              "getsockopt", "SO_MAX_PACING_RATE");
  EXPECT_EQ(bytes_per_s, 1'000'000U);
}

}  // namespace
}  // namespace dlab::net
