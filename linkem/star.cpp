#include "linkem/star.hpp"

#include <sys/socket.h>
#include <time.h>

#include <algorithm>
#include <chrono>

#include "linkem/control.hpp"

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;

// One host's burst must not keep the others' packets from leaving in time.
constexpr int kPacketsPerTurn = 64;
constexpr base::Duration kLate = 1ms;
// Sleeping for less costs more than it gives: packets that are due closer together than this leave
// together, at most this much late.
constexpr base::Duration kShortestSleep = 20us;
constexpr std::uint64_t kControlEvent = ~std::uint64_t{0};

base::Duration cpu_used() {
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return std::chrono::seconds(used.tv_sec) + base::Duration(used.tv_nsec);
}

}  // namespace

Star::Star(const StarSpec& spec, std::vector<TunDevice> devices, OutputFiles files, int control,
           const SharedCounters& counters)
    : hub_(spec, pool_), devices_(std::move(devices)), control_(control), counters_(counters) {
  poller_.add(control_, EPOLLIN, kControlEvent);
  for (std::size_t host = 0; host < devices_.size(); ++host) {
    poller_.add(devices_[host].fd(), EPOLLIN, host);
  }
  if (files.pcap) {
    pcap_ = std::make_unique<PcapWriter>(std::move(*files.pcap));
  }
  if (files.log) {
    log_ = std::make_unique<IntervalLog>(spec, std::move(*files.log));
  }
}

void Star::run() {
  while (!stopped_) {
    deliver();
    if (log_) {
      const auto now = base::Clock::now();
      if (now >= log_->due()) {
        log_->write(hub_, now);
      }
    }
    wait();
  }
  if (pcap_) {
    pcap_->flush();
  }
  if (log_) {
    log_->write(hub_, base::Clock::now());
  }
}

void Star::wait() {
  auto until = hub_.next_due();
  if (log_ && (!until || log_->due() < *until)) {
    until = log_->due();
  }
  const auto wake =
      until ? std::max(*until, base::Clock::now() + kShortestSleep) : base::TimePoint::max();
  for (const auto& event : poller_.wait(wake)) {
    if (event.data.u64 != kControlEvent) {
      receive(event.data.u64);
    } else if (!obey()) {
      stopped_ = true;
    }
  }
}

void Star::receive(std::size_t host) {
  for (int turn = 0; turn < kPacketsPerTurn; ++turn) {
    Packet* packet = pool_.take();
    if (!devices_[host].read(*packet)) {
      pool_.give_back(packet);
      return;
    }
    hub_.from_host(host, packet, base::Clock::now());
  }
}

// Hands over everything that is due, to whichever host.
void Star::deliver() {
  const auto now = base::Clock::now();
  hub_.advance(now);
  for (std::size_t host = 0; host < devices_.size(); ++host) {
    while (Packet* packet = hub_.to_host(host, now)) {
      account(*packet);
      devices_[host].write(*packet);
      pool_.give_back(packet);
    }
  }
}

void Star::account(const Packet& packet) {
  const base::Duration late = base::Clock::now() - packet.due;
  ++punctuality_.delivered_packets;
  punctuality_.late_packets += late > kLate ? 1U : 0U;
  punctuality_.most_late = std::max(punctuality_.most_late, late);
  if (pcap_) {
    pcap_->add(packet);
  }
}

// Does what the parent says; false when it has gone.
bool Star::obey() {
  Message message;
  const auto length = recv(control_, &message, sizeof message, MSG_DONTWAIT);
  if (length == 0) {
    return false;
  }
  if (length != sizeof message) {
    return true;
  }
  if (message.kind == MessageKind::snapshot) {
    publish();
    send_message(control_, MessageKind::snapshot, complaint());
  } else if (message.kind == MessageKind::rate) {
    hub_.set_rate(message.host, message.rate, base::Clock::now());
    send_message(control_, MessageKind::rate);
  }
  return true;
}

void Star::publish() {
  if (pcap_) {
    pcap_->flush();
  }
  for (std::size_t host = 0; host < devices_.size(); ++host) {
    counters_.up(host) = hub_.up(host).counters();
    counters_.down(host) = hub_.down(host).counters();
  }
  punctuality_.tun_drops = 0;
  for (const auto& device : devices_) {
    punctuality_.tun_drops += device.drops();
  }
  punctuality_.cpu = cpu_used();
  counters_.punctuality() = punctuality_;
}

std::string Star::complaint() const {
  if (pcap_ && !pcap_->complaint().empty()) {
    return pcap_->complaint();
  }
  return log_ ? log_->complaint() : "";
}

}  // namespace dlab::linkem
