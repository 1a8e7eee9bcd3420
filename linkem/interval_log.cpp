#include "linkem/interval_log.hpp"

#include <chrono>
#include <sstream>
#include <utility>

namespace dlab::linkem {
namespace {

constexpr base::Duration kRowInterval = std::chrono::milliseconds(100);

}  // namespace

IntervalLog::IntervalLog(const StarSpec& spec, OutputFile file)
    : file_(std::move(file)),
      before_(2 * spec.hosts.size()),
      started_(base::Clock::now()),
      due_(started_ + kRowInterval) {
  for (const auto& host : spec.hosts) {
    names_.push_back(host.name);
  }
  file_.write(
      "t_s,host,direction,offered_packets,carried_packets,carried_bytes,lost_packets,"
      "dropped_packets,queued_packets\n");
  file_.flush();
}

void IntervalLog::write(const Hub& hub, base::TimePoint now) {
  const double t_s = base::to_seconds(now - started_);
  for (std::size_t host = 0; host < hub.hosts(); ++host) {
    write_row(t_s, 2 * host, hub.up(host).counters());
    write_row(t_s, 2 * host + 1, hub.down(host).counters());
  }
  file_.flush();
  due_ = now + kRowInterval;
}

void IntervalLog::write_row(double t_s, std::size_t link, const DirectionCounters& counters) {
  auto& before = before_[link];
  std::ostringstream row;
  row << t_s << ',' << names_[link / 2] << ',' << (link % 2 == 0 ? "up" : "down") << ','
      << counters.offered_packets - before.offered_packets << ','
      << counters.carried_packets - before.carried_packets << ','
      << counters.carried_bytes - before.carried_bytes << ','
      << counters.lost_packets - before.lost_packets << ','
      << counters.dropped_packets - before.dropped_packets << ',' << counters.queued_packets
      << '\n';
  file_.write(row.str());
  before = counters;
}

}  // namespace dlab::linkem
