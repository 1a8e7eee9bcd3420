#include "linkem/tool/summary.hpp"

#include <array>
#include <cstdio>
#include <sstream>

namespace dlab::linkem::tool {
namespace {

double ms(base::Duration duration) {
  return 1000 * base::to_seconds(duration);
}

std::string number(double value) {
  std::ostringstream text;
  text << value;
  return text.str();
}

template <typename... Values>
std::string line(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string rate_of(const NamedLink& link) {
  const double rate = link.rate.bits_per_second;
  return rate > 0 ? number(rate / 1e6) + " Mbit/s" : "unlimited";
}

std::string loss_of(const NamedLink& link) {
  if (link.loss.probability == 0) {
    return "no loss";
  }
  std::string text = number(100 * link.loss.probability) + " % loss";
  if (link.loss.burst_packets > 1) {
    text += " in bursts of " + number(link.loss.burst_packets);
  }
  return text;
}

std::string bursts_of(const NamedLink& link) {
  return link.gso_max_segs == 0 ? ""
                                : ", bursts of " + std::to_string(link.gso_max_segs) + " at most";
}

std::string row(const char* name, const DirectionCounters& counters, base::Duration time) {
  const double utilisation =
      time.count() > 0 ? 100 * base::to_seconds(counters.busy) / base::to_seconds(time) : 0;
  return line("  %-12s %9llu %9s %7llu %8llu %7.1f %%   %.2f / %.2f / %.2f / %.2f\n", name,
              static_cast<unsigned long long>(counters.carried_packets),
              base::format_byte_count(counters.carried_bytes).c_str(),
              static_cast<unsigned long long>(counters.lost_packets),
              static_cast<unsigned long long>(counters.dropped_packets), utilisation,
              ms(counters.queueing.percentile(0.5)), ms(counters.queueing.percentile(0.95)),
              ms(counters.queueing.percentile(0.99)), ms(counters.queueing.percentile(1)));
}

}  // namespace

std::string describe(const NamedLink& link) {
  return link.name + ": " + rate_of(link) + ", RTT " + number(ms(link.rtt)) + " ms, " +
         loss_of(link) + ", queue of " + std::to_string(link.queue_packets) + " packets (" +
         std::string(name_of(link.policy)) + ")" + bursts_of(link);
}

std::string list_links() {
  std::string text = line("%-13s %10s %7s  %-27s %6s  %-11s  %s\n", "link", "Mbit/s", "RTT ms",
                          "loss (server to client)", "queue", "policy", "what it is for");
  for (const auto& link : named_links()) {
    text += line("%-13s %10s %7s  %-27s %6zu  %-11s  %s\n", link.name.c_str(),
                 number(link.rate.bits_per_second / 1e6).c_str(), number(ms(link.rtt)).c_str(),
                 loss_of(link).c_str(), link.queue_packets, name_of(link.policy).data(),
                 link.purpose.c_str());
  }
  return text;
}

std::string summarise(const NamedLink& link, const Snapshot& snapshot, base::Duration client_ran,
                      const Granted& granted) {
  const auto& kept = snapshot.punctuality;
  std::string text = "linkem: " + describe(link) + "\n" +
                     line("  %-12s %9s %9s %7s %8s %9s   %s\n", "server", "packets", "bytes",
                          "lost", "dropped", "used", "queueing ms, p50 / p95 / p99 / max") +
                     row("sends", snapshot.up.front(), client_ran) +
                     row("receives", snapshot.down.front(), client_ran) +
                     line(
                         "  the client ran for %.3f s; the latest packet left %.2f ms late, "
                         "%.2f %% over 1 ms\n",
                         base::to_seconds(client_ran), ms(kept.most_late), kept.late_pct());
  if (const auto list = refused(granted); !list.empty()) {
    text += "  the emulator went without " + list + "\n";
  }
  if (kept.tun_drops > 0) {
    text += line("  WARNING: a TUN device dropped %llu packets: this was not the link\n",
                 static_cast<unsigned long long>(kept.tun_drops));
  }
  return text;
}

}  // namespace dlab::linkem::tool
