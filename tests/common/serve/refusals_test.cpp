#include "common/serve/refusals.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <optional>
#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"
#include "tests/common/support/until.hpp"

namespace dlab::serve {
namespace {

constexpr std::string_view kHttp = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";

// The clients of a server that is full. None that is silent is told before an hour has passed.
class FullServers : public testing::Test {
 protected:
  FullServers() {
    HostOptions options;
    options.root = folder_.path();
    options.limits.refusal_timeout = std::chrono::hours(1);
    host_.emplace(std::move(options));
    refusals_.emplace();
  }
  void TearDown() override {
    refusals_.reset();
    host_.reset();
    clients_.clear();
    EXPECT_EQ(test::open_descriptors(), descriptors_);
  }

  net::TcpStream& come() {
    auto& client = clients_.emplace_back(test::connect_to(host_->listener()));
    std::shared_ptr<Connection> connection = host_->welcome(host_->listener().accept().value());
    connection->refuse("full");
    refusals_->add(std::move(connection));
    return client;
  }
  // What the client is told, to the end of the connection.
  std::string told(net::TcpStream& client) {
    test::until([&] {
      refusals_->serve();
      return test::waiting_bytes(client.fd()) > 0;
    });
    return test::text(test::receive(client, 10'000));
  }

  test::TempFolder folder_;
  int descriptors_ = test::open_descriptors();
  std::optional<Host> host_;
  std::optional<Refusals> refusals_;
  std::deque<net::TcpStream> clients_;
};

TEST_F(FullServers, tell_a_client_in_its_own_language_whoever_is_silent) {
  come();
  auto& http = come();
  auto& ours = come();
  http.send_all(test::raw(kHttp));
  EXPECT_TRUE(told(http).starts_with("HTTP/1.1 503 Service Unavailable\r\n"));
  ours.send_all(wire::encode(wire::ListRequest{}));
  EXPECT_TRUE(told(ours).ends_with("full"));
}

TEST_F(FullServers, forget_a_client_that_has_left) {
  come().shut_down();
  come().abort();
  test::until([&] {
    refusals_->serve();
    return refusals_->empty();
  });
}

TEST_F(FullServers, tell_the_first_at_once_where_it_has_to_make_room) {
  auto& first = come();
  auto& second = come();
  EXPECT_TRUE(refusals_->end_first());
  EXPECT_TRUE(told(first).ends_with("full"));
  EXPECT_EQ(test::waiting_bytes(second.fd()), 0);
  EXPECT_TRUE(refusals_->end_first());
  EXPECT_TRUE(told(second).ends_with("full"));
  EXPECT_FALSE(refusals_->end_first());
  EXPECT_TRUE(refusals_->empty());
}

TEST_F(FullServers, hold_no_more_than_64_at_a_time) {
  auto& first = come();
  for (int i = 1; i < 64; ++i) {
    come();
  }
  EXPECT_EQ(test::waiting_bytes(first.fd()), 0);
  come();
  EXPECT_TRUE(told(first).ends_with("full"));
}

TEST_F(FullServers, wait_for_a_silent_client_as_long_as_they_were_told_to) {
  EXPECT_EQ(refusals_->wake(), base::TimePoint::max());
  const auto before = base::Clock::now();
  come();
  EXPECT_GE(refusals_->wake(), before + std::chrono::hours(1));
  EXPECT_LE(refusals_->wake(), base::Clock::now() + std::chrono::hours(1));
}

}  // namespace
}  // namespace dlab::serve
