#include "common/net/tcp_info.hpp"

#include <cstddef>

// The kernel's header has the whole struct tcp_info; glibc's netinet/tcp.h, which ends before
// delivery_rate, collides with it and so must not be included here.
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace dlab::net {
namespace {

constexpr std::uint32_t kInfiniteSsthresh = 0x7fffffff;

// One kernel answer and how far it reaches.
struct Answer {
  tcp_info info{};
  std::size_t length = 0;

  // The member, converted and scaled, or nothing when the answer ends before it.
  template <typename Value, typename Member>
  [[nodiscard]] std::optional<Value> get(const Member& member, double scale = 1) const {
    const auto* const start = reinterpret_cast<const std::byte*>(&info);
    const auto* const end = reinterpret_cast<const std::byte*>(&member + 1);
    if (static_cast<std::size_t>(end - start) > length) {
      return std::nullopt;
    }
    if constexpr (std::is_floating_point_v<Value>) {
      return static_cast<double>(member) * scale;
    } else {
      return static_cast<Value>(member);
    }
  }
};

}  // namespace

std::optional<TcpInfo> read_tcp_info(int fd) noexcept {
  Answer answer;
  auto length = static_cast<socklen_t>(sizeof answer.info);
  if (::getsockopt(fd, IPPROTO_TCP, TCP_INFO, &answer.info, &length) < 0) {
    return std::nullopt;
  }
  answer.length = length;
  const tcp_info& raw = answer.info;
  TcpInfo info;
  info.cwnd_segments = answer.get<std::uint32_t>(raw.tcpi_snd_cwnd);
  if (raw.tcpi_snd_ssthresh < kInfiniteSsthresh) {
    info.ssthresh_segments = answer.get<std::uint32_t>(raw.tcpi_snd_ssthresh);
  }
  info.mss_bytes = answer.get<std::uint32_t>(raw.tcpi_snd_mss);
  info.unacked_segments = answer.get<std::uint32_t>(raw.tcpi_unacked);
  info.retransmits = answer.get<std::uint32_t>(raw.tcpi_total_retrans);
  info.srtt_ms = answer.get<double>(raw.tcpi_rtt, 1e-3);
  info.rttvar_ms = answer.get<double>(raw.tcpi_rttvar, 1e-3);
  info.bytes_acked = answer.get<std::uint64_t>(raw.tcpi_bytes_acked);
  info.bytes_sent = answer.get<std::uint64_t>(raw.tcpi_bytes_sent);
  info.delivery_rate_mbit_s = answer.get<double>(raw.tcpi_delivery_rate, 8e-6);
  info.busy_s = answer.get<double>(raw.tcpi_busy_time, 1e-6);
  info.rwnd_limited_s = answer.get<double>(raw.tcpi_rwnd_limited, 1e-6);
  info.sndbuf_limited_s = answer.get<double>(raw.tcpi_sndbuf_limited, 1e-6);
  return info;
}

}  // namespace dlab::net
