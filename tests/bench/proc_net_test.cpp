#include "bench/runner/proc_net.hpp"

#include <gtest/gtest.h>

namespace dlab::bench {
namespace {

// 9001 is 0x2329.
constexpr const char* kTcp =
    "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
    "   0: 0100007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0\n"
    "   1: 0100007F:8A2B 0100007F:232A 01 00000000:00000000 00:00000000 00000000     0\n";
constexpr const char* kTcp6 =
    "  sl  local_address                         remote_address                        st\n"
    "   0: 00000000000000000000000000000000:1451 00000000000000000000000000000000:0000 0A\n";
constexpr const char* kSnmp =
    "Ip: Forwarding DefaultTTL\nIp: 2 64\n"
    "Tcp: RtoAlgorithm ActiveOpens InSegs OutSegs RetransSegs InErrs\n"
    "Tcp: 1 5 1000 2000 37 0\nUdp: InDatagrams\nUdp: 3\n";

TEST(ProcNet, a_listening_socket_is_found_by_its_port) {
  EXPECT_TRUE(has_listener(kTcp, 9001));
  EXPECT_TRUE(has_listener(kTcp6, 5201));
}

TEST(ProcNet, a_connection_is_no_listener) {
  EXPECT_FALSE(has_listener(kTcp, 9002));    // somebody's peer
  EXPECT_FALSE(has_listener(kTcp, 0x8A2B));  // a connection's own port
}

TEST(ProcNet, an_empty_table_has_no_listener) {
  EXPECT_FALSE(has_listener("", 9001));
}

TEST(ProcNet, retransmitted_segments_are_found_by_name) {
  EXPECT_EQ(retransmitted_segments(kSnmp), 37);
}

TEST(ProcNet, counters_without_tcp_give_none) {
  EXPECT_EQ(retransmitted_segments("Udp: InDatagrams\nUdp: 3\n"), std::nullopt);
}

TEST(ProcNet, free_ports_lie_below_those_of_clients) {
  const auto first = free_port();
  const auto second = free_port();
  EXPECT_NE(first, second);
  EXPECT_GT(first, 20000);
  EXPECT_LT(second, 30000);
}

}  // namespace
}  // namespace dlab::bench
