#include "bench/load/company.hpp"

#include <algorithm>

namespace dlab::load {
namespace {

constexpr std::size_t kOpeningAtOnce = 64;
constexpr std::chrono::milliseconds kWait{10};
// What the kernel takes in for a slow reader is not held back; so it takes little.
constexpr base::ByteCount kSlowReceiveBuffer = 4096;

}  // namespace

Company::Company(const LoadOptions& options, const LinkSetup& setup, Poller& poller, Tally& tally)
    : options_(options), poller_(poller), tally_(tally), idle_setup_(setup), slow_setup_(setup) {
  slow_setup_.socket.receive_buffer = kSlowReceiveBuffer;
  slow_setup_.terms.pipeline = 1;
  for (unsigned i = 0; i < options.idle + options.slow; ++i) {
    links_.emplace_back(i, i < options.idle ? idle_setup_ : slow_setup_, poller, *this);
  }
}

void Company::open() {
  while ((begun_ < links_.size() || connecting_ > 0) && !poller_.interrupted()) {
    begin_some();
    poller_.wait(base::Clock::now() + kWait, [](void* link, std::uint32_t events) {
      static_cast<Link*>(link)->handle(events);
    });
    check_deadlines();
  }
  reading_since_ = base::Clock::now();
}

void Company::begin_some() {
  while (begun_ < links_.size() && connecting_ < kOpeningAtOnce) {
    Link& link = links_[begun_++];
    ++connecting_;
    if (is_slow(link)) {
      link.allow(0);
    }
    link.open();
  }
}

void Company::check_deadlines() {
  const auto now = base::Clock::now();
  for (auto& link : links_) {
    link.check_deadline(now);
  }
}

void Company::look_after(base::TimePoint now) {
  tally_.slow_bytes = 0;
  for (std::size_t i = options_.idle; i < links_.size(); ++i) {
    let_read(links_[i], now);
    tally_.slow_bytes += links_[i].received();
  }
}

void Company::let_read(Link& link, base::TimePoint now) {
  link.check_deadline(now);
  if (link.can_ask()) {
    connecting_ += link.is_closed() ? 1U : 0U;
    const auto& name = options_.objects.front().name;
    link.ask({.intended = now, .sent = now}, name, options_.server.text());
    link.flush();
  }
  const double due = options_.slow_rate.bytes_per_second() * base::to_seconds(now - reading_since_);
  const auto allowed = static_cast<std::uint64_t>(due);
  link.allow(allowed > link.received() ? allowed - link.received() : 0);
}

void Company::opened(Link& link, base::Duration /*took*/) {
  --connecting_;
  if (!is_slow(link)) {
    ++tally_.idle_opened;
    ++tally_.idle_still_open;
  }
}

void Company::finished(Link& /*link*/, const Outcome& /*outcome*/) {}

void Company::closed(Link& link, const std::string& error) {
  if (!error.empty()) {
    --connecting_;
  } else if (!is_slow(link)) {
    --tally_.idle_still_open;
  }
}

}  // namespace dlab::load
