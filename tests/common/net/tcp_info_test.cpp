#include "common/net/tcp_info.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/common/support/hex.hpp"
#include "tests/common/support/stream_pair.hpp"

namespace dlab::net {
namespace {

TEST(TcpInfo, is_readable_on_a_connection) {
  test::StreamPair pair;
  const std::string data(100'000, 'x');
  pair.client.send_all(test::raw(data));
  ASSERT_EQ(test::receive(pair.server, data.size()).size(), data.size());
  const auto info = read_tcp_info(pair.client.fd());
  ASSERT_TRUE(info);
  EXPECT_GE(info->cwnd_segments.value(), 1U);
  EXPECT_GT(info->mss_bytes.value(), 500U);
  EXPECT_GT(info->srtt_ms.value(), 0);
  EXPECT_GE(info->bytes_sent.value(), data.size());
  EXPECT_GE(info->busy_s.value(), 0);
  EXPECT_FALSE(info->ssthresh_segments);  // infinite until something is lost
}

TEST(TcpInfo, there_is_none_of_what_is_no_connection) {
  const base::FileDescriptor file(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(read_tcp_info(file.get()));
  EXPECT_FALSE(read_tcp_info(-1));
}

}  // namespace
}  // namespace dlab::net
