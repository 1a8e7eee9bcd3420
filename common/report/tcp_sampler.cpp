#include "common/report/tcp_sampler.hpp"

#include <algorithm>
#include <optional>
#include <system_error>

#include "common/base/clock.hpp"
#include "common/base/output.hpp"
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
void put(std::ostream& row, const std::optional<Value>& value) {
  row << ',';
  if (value) {
    row << *value;
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

TcpSampler::TcpSampler(const std::string& path) : path_(path) {
  if (path.empty()) {
    return;
  }
  file_ = base::open_output(path);
  base::write_all(file_, path, kHeader);
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
    write_rows();
    const auto interval = std::max(
        kShortestInterval, kIntervalPerConnection * static_cast<std::int64_t>(connections_.size()));
    stop_requested_.wait_for(lock, interval, [this] { return stopping_; });
  }
  write_rows();
}

// Caller holds mutex_. What cannot be written holds nobody up who is served.
void TcpSampler::write_rows() {
  try {
    base::write_all(file_, path_, rows_.view());
  } catch (const std::system_error&) {
    file_.close();
  }
  rows_.str("");
}

// Caller holds mutex_.
void TcpSampler::sample(const Connection& connection) {
  const auto now = base::to_ns(base::Clock::now());
  const auto info = net::read_tcp_info(connection.fd);
  if (!file_.is_open() || !info) {
    return;
  }
  rows_ << now << ',' << connection.local_port << ',' << connection.peer_port << ','
        << net::congestion_algorithm(connection.fd);
  put(rows_, info->cwnd_segments);
  put(rows_, info->ssthresh_segments);
  put(rows_, info->srtt_ms);
  put(rows_, info->rttvar_ms);
  put(rows_, info->mss_bytes);
  put(rows_, info->bytes_acked);
  put(rows_, info->bytes_sent);
  put(rows_, info->retransmits);
  put(rows_, info->unacked_segments);
  put(rows_, info->delivery_rate_mbit_s);
  put(rows_, info->busy_s);
  put(rows_, info->rwnd_limited_s);
  put(rows_, info->sndbuf_limited_s);
  rows_ << '\n';
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
  sampler_.write_rows();
  sampler_.connections_.erase(place_);
}

}  // namespace dlab::report
