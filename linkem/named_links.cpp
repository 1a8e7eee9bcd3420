#include "linkem/named_links.hpp"

#include <algorithm>
#include <array>
#include <chrono>

namespace dlab::linkem {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::array<std::pair<QueuePolicy, std::string_view>, 3> kPolicies = {{
    {QueuePolicy::drop_tail, "drop-tail"},
    {QueuePolicy::single_drop, "single-drop"},
    {QueuePolicy::codel, "codel"},
}};

// Altman's model hits one flow at each overload. After its drop the rate falls within a round trip;
// a quarter more covers what was still under way.
base::Duration quiet_after_drop(base::Duration rtt) {
  return rtt * 5 / 4;
}

NamedLink link(std::string name, double mbit_s, milliseconds rtt, LossSpec loss,
               std::size_t queue_packets, std::string purpose,
               QueuePolicy policy = QueuePolicy::drop_tail) {
  return {std::move(name),   {mbit_s * 1e6}, rtt, loss, queue_packets, policy, {}, 0,
          std::move(purpose)};
}

// For laws that know single packets only: bursts overflow a short queue, and take several losses at
// once, whatever the flows do.
NamedLink without_bursts(NamedLink one) {
  one.gso_max_segs = 1;
  return one;
}

constexpr LossSpec kNoLoss{};

const std::vector<NamedLink>& all_links() {
  static const std::vector<NamedLink> links = {
      link("lan", 1000, 1ms, kNoLoss, 256, "a campus wire"),
      link("wan", 100, 40ms, kNoLoss, 350, "a clean long path: N should not matter"),
      link("noisy", 100, 20ms, {0.01, 1}, 170, "1 % random loss: knee near N = 13"),
      link("lossy", 100, 40ms, {0.001, 1}, 350, "the textbook's case: knee near N = 8"),
      link("lossy50", 50, 50ms, {0.001, 1}, 210, "Hacker's knee near N = 5"),
      link("longlossy", 100, 100ms, {0.0001, 1}, 850, "where CUBIC parts from Reno"),
      link("bursty", 100, 20ms, {0.01, 8}, 170, "noisy's losses in bursts of 8"),
      without_bursts(
          link("fair50", 50, 20ms, kNoLoss, 83, "shared with others: Reno's cycles are short")),
      without_bursts(link("shallow", 200, 12ms, kNoLoss, 10,
                          "Altman's premise: one flow hit at a time", QueuePolicy::single_drop)),
      without_bursts(
          link("shallow-tail", 200, 12ms, kNoLoss, 10, "the same queue as it really drops")),
      without_bursts(link("shallow50", 50, 40ms, kNoLoss, 8,
                          "the same where a pause of 1 ms is no matter", QueuePolicy::single_drop)),
      without_bursts(link("shallow50-tail", 50, 40ms, kNoLoss, 8, "its queue as it really drops")),
      link("longfat", 500, 100ms, kNoLoss, 4200, "window and ramp: 6 MB in flight"),
      link("bloat", 20, 40ms, kNoLoss, 1000, "an overfull buffer: latency under load"),
      link("cap", 100, 40ms, kNoLoss, 350, "wan, for a server that caps each connection"),
      link("busy", 100, 40ms, kNoLoss, 350, "wan, with four background flows"),
      link("mirror", 25, 10ms, kNoLoss, 50, "one of several servers of a file"),
      link("satellite", 50, 600ms, {0.001, 1}, 2500, "a geostationary satellite"),
  };
  return links;
}

}  // namespace

std::string host_address(std::size_t index) {
  return "10.77.0." + std::to_string(index + 1);
}

std::span<const NamedLink> named_links() {
  return all_links();
}

std::optional<NamedLink> find_link(std::string_view name) {
  const auto& links = all_links();
  const auto found = std::ranges::find(links, name, &NamedLink::name);
  return found == links.end() ? std::nullopt : std::optional(*found);
}

LinkSpec access_link(const NamedLink& link) {
  DirectionSpec direction;
  direction.rate = link.rate;
  direction.delay = link.rtt / 2;
  direction.jitter = link.jitter;
  direction.queue = {link.queue_packets, link.policy, quiet_after_drop(link.rtt)};
  LinkSpec both{direction, direction};
  both.up.loss = link.loss;
  return both;
}

StarSpec star_of(const NamedLink& link, std::uint64_t seed,
                 const std::vector<std::string>& others) {
  StarSpec star;
  star.seed = seed;
  star.hosts.push_back({"server", access_link(link), link.gso_max_segs});
  for (const auto& name : others) {
    star.hosts.push_back({name, {}});
  }
  return star;
}

std::string_view name_of(QueuePolicy policy) {
  return std::ranges::find(kPolicies, policy, &std::pair<QueuePolicy, std::string_view>::first)
      ->second;
}

std::optional<QueuePolicy> parse_queue_policy(std::string_view text) {
  const auto* found =
      std::ranges::find(kPolicies, text, &std::pair<QueuePolicy, std::string_view>::second);
  return found == kPolicies.end() ? std::nullopt : std::optional(found->first);
}

}  // namespace dlab::linkem
