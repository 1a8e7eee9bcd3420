#include "common/report/tcp_sampler.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>

#include "common/base/check.hpp"
#include "common/base/clock.hpp"
#include "common/net/endpoint.hpp"
#include "common/net/socket_options.hpp"
#include "common/net/tcp_info.hpp"

namespace dlab::report {
namespace {

constexpr std::chrono::milliseconds kShortestInterval{10};
constexpr std::chrono::milliseconds kIntervalPerConnection{2};

constexpr const char* kHeader =
    "t_monotonic_ns,local_port,peer_port,congestion,cwnd_segments,ssthresh_segments,srtt_ms,"
    "rttvar_ms,mss_bytes,bytes_acked,bytes_sent,retransmits,unacked_segments,"
    "delivery_rate_mbit_s,busy_s,rwnd_limited_s,sndbuf_limited_s\n";

// A comma and then the value, if there is one.
template <typename Value>
void put(std::ofstream& file, const std::optional<Value>& value) {
  file << ',';
  if (value) {
    file << *value;
  }
}

}  // namespace

std::function<std::shared_ptr<void>(int fd)> TcpSampler::watcher() {
  if (!worker_.joinable()) {
    return {};
  }
  return [this](int fd) {
    return std::make_shared<Watch>(*this, fd);
  };
}

TcpSampler::TcpSampler(const std::string& path) {
  if (path.empty()) {
    return;
  }
  file_.open(path);
  file_ << kHeader << std::flush;
  if (!file_) {
    base::throw_system_error(errno, "write", path);
  }
  worker_ = std::jthread([this] { work(); });
}

TcpSampler::~TcpSampler() {
  const std::lock_guard lock(mutex_);
  stopping_ = true;
  stop_requested_.notify_all();
}

void TcpSampler::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    for (const auto& connection : connections_) {
      sample(connection);
    }
    file_.flush();
    const auto interval = std::max(
        kShortestInterval, kIntervalPerConnection * static_cast<std::int64_t>(connections_.size()));
    stop_requested_.wait_for(lock, interval, [this] { return stopping_; });
  }
}

// Caller holds mutex_.
void TcpSampler::sample(const Connection& connection) {
  const auto now = base::to_ns(base::Clock::now());
  const auto info = net::read_tcp_info(connection.fd);
  if (!file_.is_open() || !info) {
    return;
  }
  file_ << now << ',' << connection.local_port << ',' << connection.peer_port << ','
        << net::congestion_algorithm(connection.fd);
  put(file_, info->cwnd_segments);
  put(file_, info->ssthresh_segments);
  put(file_, info->srtt_ms);
  put(file_, info->rttvar_ms);
  put(file_, info->mss_bytes);
  put(file_, info->bytes_acked);
  put(file_, info->bytes_sent);
  put(file_, info->retransmits);
  put(file_, info->unacked_segments);
  put(file_, info->delivery_rate_mbit_s);
  put(file_, info->busy_s);
  put(file_, info->rwnd_limited_s);
  put(file_, info->sndbuf_limited_s);
  file_ << '\n';
}

TcpSampler::Watch::Watch(TcpSampler& sampler, int fd)
    : sampler_(sampler), place_(sampler.connections_.end()) {
  try {
    const Connection connection{fd, net::local_address(fd).port(), net::peer_address(fd).port()};
    const std::lock_guard lock(sampler_.mutex_);
    place_ = sampler_.connections_.insert(sampler_.connections_.end(), connection);
  } catch (const std::system_error&) {
    // ENOTCONN: the peer has left between accept and here.
  }
}

TcpSampler::Watch::~Watch() {
  if (place_ == sampler_.connections_.end()) {
    return;
  }
  const std::lock_guard lock(sampler_.mutex_);
  sampler_.sample(*place_);
  sampler_.file_.flush();
  sampler_.connections_.erase(place_);
}

}  // namespace dlab::report
