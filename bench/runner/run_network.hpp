#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/runner/cells.hpp"
#include "bench/runner/run_row.hpp"
#include "linkem/emulator.hpp"
#include "linkem/named_links.hpp"

namespace dlab::bench {

// The network of one run: a fresh namespace whose loopback is used, or a fresh star whose server
// sits behind the link that the cell names, as does each further mirror. Every program in it uses
// the congestion control that the cell asks for.
class RunNetwork {
 public:
  // Hosts of a star. Further mirrors come behind them.
  enum Host : std::size_t { server, client, bystander };
  static Host mirror(std::size_t number) {  // counted from 0: the server
    return static_cast<Host>(number == 0 ? server : bystander + number);
  }

  // Writes congestion_used and the link's settings into `row`. Without namespaces (`host`) there
  // are no links; on loopback a server with an option for it chooses its algorithm where the system
  // lets it, and all others have the system's. Throws RunProblem (unavailable) when the cell cannot
  // have its network, std::system_error for anything else.
  RunNetwork(const Cell& cell, const linkem::Namespaces& namespaces, std::uint64_t seed,
             RunRow& row);

  // Programs started and sockets opened from now on are there.
  void enter(Host host) const;

  [[nodiscard]] std::string server_address(std::size_t mirror_number = 0) const;

  // Whether servers are to be told their congestion control, which nothing else sets here.
  [[nodiscard]] bool servers_set_congestion() const { return servers_set_congestion_; }

  // From now on this mirror's link has this share of its rate; nothing on loopback.
  void slow_down(std::size_t mirror_number, double share) const;

  // The clients start now, and have ended now. The second writes what the link did meanwhile into
  // `row` (utilisation_pct, late_pct, late_max_ms, ...). Throws RunProblem (void) when the emulator
  // did not keep time.
  void clients_start();
  void clients_ended(RunRow& row);

  // Whether a packet of theirs has gone out since they were started; yes on loopback.
  [[nodiscard]] bool clients_have_spoken() const;

  // Waits until the server's link is full, at most 5 s: the bystanders are under way.
  void await_full_link() const;

 private:
  void make_star(const Cell& cell, const linkem::Namespaces& namespaces, std::uint64_t seed);
  [[nodiscard]] std::string congestion_used(const Cell& cell) const;

  std::optional<linkem::NamedLink> link_;  // nothing: loopback
  std::optional<linkem::Emulator> star_;
  bool servers_set_congestion_ = false;
  linkem::Snapshot before_;
  base::TimePoint started_{};
};

// The link of a cell; nothing for loopback.
std::optional<linkem::NamedLink> link_of(const Cell& cell);

}  // namespace dlab::bench
