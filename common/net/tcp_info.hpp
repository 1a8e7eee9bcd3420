#pragma once

#include <cstdint>
#include <optional>

namespace dlab::net {

// What the kernel tells of a TCP connection (TCP_INFO, tcp(7)). A field that this kernel's answer
// does not reach is empty.
struct TcpInfo {
  std::optional<std::uint32_t> cwnd_segments;
  std::optional<std::uint32_t> ssthresh_segments;  // empty while infinite
  std::optional<std::uint32_t> mss_bytes;
  std::optional<std::uint32_t> unacked_segments;
  std::optional<std::uint32_t> retransmits;
  std::optional<double> srtt_ms;
  std::optional<double> rttvar_ms;
  std::optional<std::uint64_t> bytes_acked;
  std::optional<std::uint64_t> bytes_sent;
  std::optional<double> delivery_rate_mbit_s;
  std::optional<double> busy_s;
  std::optional<double> rwnd_limited_s;
  std::optional<double> sndbuf_limited_s;
};

// Nothing when the socket is not a connected TCP socket any more.
std::optional<TcpInfo> read_tcp_info(int fd) noexcept;

}  // namespace dlab::net
