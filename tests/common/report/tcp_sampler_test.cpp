#include "common/report/tcp_sampler.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <system_error>

#include "tests/common/support/spent.hpp"
#include "tests/common/support/stream_pair.hpp"
#include "tests/common/support/temp_folder.hpp"

namespace dlab::report {
namespace {

TEST(TcpSampler, a_connection_is_sampled_at_least_when_it_ends) {
  const test::TempFolder folder;
  const int threads = test::running_threads();
  const test::StreamPair pair;
  {
    TcpSampler sampler(folder / "samples.csv");
    const TcpSampler::Watch watch(sampler, pair.server.fd());
  }
  std::istringstream lines(test::read_file(folder / "samples.csv"));
  std::string header;
  std::string row;
  std::getline(lines, header);
  ASSERT_TRUE(std::getline(lines, row));
  EXPECT_TRUE(header.starts_with("t_monotonic_ns,local_port,peer_port,congestion,cwnd_segments,"));
  EXPECT_EQ(std::count(row.begin(), row.end(), ','), std::count(header.begin(), header.end(), ','));
  std::ostringstream ports;
  ports << ',' << pair.server.local_port() << ',' << pair.client.local_port() << ',';
  EXPECT_NE(row.find(ports.str()), std::string::npos) << row;
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(TcpSampler, without_a_file_nothing_happens) {
  const int threads = test::running_threads();
  const test::StreamPair pair;
  TcpSampler sampler("");
  const TcpSampler::Watch watch(sampler, pair.server.fd());
  EXPECT_EQ(test::threads_left(threads), threads);
}

TEST(TcpSampler, a_file_that_cannot_be_written_is_an_error) {
  EXPECT_THROW(TcpSampler("/no/such/folder/samples.csv"), std::system_error);
}

TEST(TcpSampler, a_connection_whose_peer_has_left_is_passed_over) {
  const test::TempFolder folder;
  test::StreamPair pair;
  pair.server.shut_down();
  { const net::TcpStream gone = std::move(pair.client); }
  TcpSampler sampler(folder / "samples.csv");
  EXPECT_NO_THROW(TcpSampler::Watch(sampler, pair.server.fd()));
}

}  // namespace
}  // namespace dlab::report
