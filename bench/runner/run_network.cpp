#include "bench/runner/run_network.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "bench/runner/interrupt.hpp"
#include "bench/runner/lateness.hpp"
#include "bench/runner/mirrors.hpp"
#include "bench/runner/run_problem.hpp"
#include "linkem/advice.hpp"
#include "linkem/routes.hpp"

namespace dlab::bench {
namespace {

using namespace std::chrono_literals;
using linkem::NamespaceKind;

double ms(base::Duration duration) {
  return 1000 * base::to_seconds(duration);
}

void describe_link(const linkem::NamedLink& link, RunRow& row) {
  row.set("rate_mbit_s", link.rate.bits_per_second / 1e6);
  row.set("rtt_ms", ms(link.rtt));
  row.set("loss_pct", 100 * link.loss.probability);
  row.set("queue_packets", link.queue_packets);
}

void route_congestion_of(const Cell& cell) {
  const std::string& wanted = cell.settings.at("congestion_requested");
  if (!linkem::route_congestion(wanted)) {
    throw RunProblem("unavailable", linkem::no_congestion(linkem::this_machine(), wanted));
  }
}

// Whether its servers have an option for it that the system lets them use.
bool can_choose_congestion(const Cell& cell) {
  return cell.contestant->server_options.contains("congestion_requested") &&
         linkem::can_set_congestion(cell.settings.at("congestion_requested"));
}

// The link's star, with a host and a link of its own for each of the mirrors.
linkem::StarSpec star_with(const linkem::NamedLink& link, const std::vector<MirrorFate>& mirrors,
                           std::uint64_t seed) {
  auto star = linkem::star_of(link, seed, {"client", "bystander"});
  for (std::size_t number = 0; number < mirrors.size(); ++number) {
    linkem::NamedLink own = link;
    own.rate.bits_per_second *= mirrors[number].first_rate();
    if (number == 0) {
      star.hosts[RunNetwork::server].link = linkem::access_link(own);
    } else {
      star.hosts.push_back({"mirror" + std::to_string(number), linkem::access_link(own)});
    }
  }
  return star;
}

}  // namespace

std::optional<linkem::NamedLink> link_of(const Cell& cell) {
  return linkem::find_link(setting(cell.settings, "link"));
}

RunNetwork::RunNetwork(const Cell& cell, const linkem::Namespaces& namespaces, std::uint64_t seed,
                       RunRow& row)
    : link_(link_of(cell)) {
  if (link_) {
    describe_link(*link_, row);
    make_star(cell, namespaces, seed);
  } else {
    linkem::enter_fresh_namespace(namespaces.kind);
  }
  if (namespaces.kind == NamespaceKind::host) {
    servers_set_congestion_ = can_choose_congestion(cell);
  } else {
    route_congestion_of(cell);
  }
  row.set("congestion_used", congestion_used(cell));
}

// With the cell's congestion control on the mirrors, and this thread on the server.
void RunNetwork::make_star(const Cell& cell, const linkem::Namespaces& namespaces,
                           std::uint64_t seed) {
  if (namespaces.kind == NamespaceKind::host) {
    throw RunProblem("unavailable", namespaces.obstacle);
  }
  const auto mirrors = mirrors_of(cell.settings);
  try {
    star_.emplace(star_with(*link_, mirrors, seed));
  } catch (const linkem::Unavailable& problem) {
    throw RunProblem("unavailable", problem.what());
  }
  for (std::size_t number = 1; number < mirrors.size(); ++number) {
    enter(mirror(number));
    route_congestion_of(cell);
  }
  enter(server);
}

std::string RunNetwork::congestion_used(const Cell& cell) const {
  return servers_set_congestion_
             ? cell.settings.at("congestion_requested")
             : linkem::congestion_towards(star_ ? linkem::host_address(client) : "127.0.0.1");
}

void RunNetwork::enter(Host host) const {
  if (star_) {
    star_->network(host).enter();
  }
}

std::string RunNetwork::server_address(std::size_t mirror_number) const {
  return star_ ? linkem::host_address(mirror(mirror_number)) : "127.0.0.1";
}

void RunNetwork::await_full_link() const {
  const auto deadline = base::Deadline::after(5s);
  auto busy = star_->snapshot().up[server].busy;
  while (!deadline.passed()) {
    constexpr auto kLook = 200ms;
    check_interrupted();
    std::this_thread::sleep_for(kLook);
    const auto now = star_->snapshot().up[server].busy;
    if (now - busy > kLook * 95 / 100) {
      return;
    }
    busy = now;
  }
}

void RunNetwork::slow_down(std::size_t mirror_number, double share) const {
  if (star_) {
    star_->set_rate(mirror(mirror_number), {share * link_->rate.bits_per_second});
  }
}

void RunNetwork::clients_start() {
  if (star_) {
    before_ = star_->snapshot();
    started_ = base::Clock::now();
  }
}

bool RunNetwork::clients_have_spoken() const {
  return !star_ ||
         star_->snapshot().up[client].carried_packets > before_.up[client].carried_packets;
}

void RunNetwork::clients_ended(RunRow& row) {
  if (!star_) {
    return;
  }
  const double seconds = base::to_seconds(base::Clock::now() - started_);
  const auto after = star_->snapshot();
  const auto& kept = after.punctuality;
  const auto packets = kept.delivered_packets - before_.punctuality.delivered_packets;
  const auto late = kept.late_packets - before_.punctuality.late_packets;
  const double late_pct =
      packets == 0 ? 0 : 100 * static_cast<double>(late) / static_cast<double>(packets);
  row.set("late_pct", late_pct);
  row.set("late_max_ms", ms(kept.most_late));
  const auto& up = after.up[server];
  const auto& earlier = before_.up[server];
  row.set("utilisation_pct", 100 * base::to_seconds(up.busy - earlier.busy) / seconds);
  row.set("queue_p95_ms", ms(up.queueing.percentile(0.95)));
  row.set("lost_packets", up.lost_packets - earlier.lost_packets);
  row.set("dropped_packets", up.dropped_packets - earlier.dropped_packets);
  const auto bystanders = [](const linkem::Snapshot& snapshot) {
    return snapshot.down[bystander].carried_bytes;
  };
  row.set("bystander_mbit_s",
          static_cast<double>(bystanders(after) - bystanders(before_)) * 8e-6 / seconds);
  if (kept.tun_drops > 0) {
    throw RunProblem("void", "a TUN device dropped packets");
  }
  if (const auto why = too_late({.late_pct = late_pct, .most = kept.most_late}, *link_)) {
    throw RunProblem("void", *why);
  }
}

}  // namespace dlab::bench
