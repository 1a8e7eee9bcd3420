#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>

#include "bench/load/link.hpp"
#include "bench/load/load_options.hpp"
#include "bench/load/tally.hpp"

namespace dlab::load {

// The connections that are there beside those that are measured: some say nothing at all, some
// take their answers at a crawl, one after another.
class Company : public LinkListener {
 public:
  // All must outlive it; `setup` is what the measured links use.
  Company(const LoadOptions& options, const LinkSetup& setup, Poller& poller, Tally& tally);

  // Opens all, a few at a time, as a server's queue of half-open connections is short; returns when
  // none is under way any more or the poller was interrupted. Throws what the poller throws.
  void open();
  // To be called every few milliseconds.
  void look_after(base::TimePoint now);

  void opened(Link& link, base::Duration took) override;
  void finished(Link& link, const Outcome& outcome) override;
  void closed(Link& link, const std::string& error) override;

 private:
  void begin_some();
  void check_deadlines();
  void let_read(Link& link, base::TimePoint now);
  [[nodiscard]] bool is_slow(const Link& link) const { return link.number() >= options_.idle; }

  const LoadOptions& options_;
  Poller& poller_;
  Tally& tally_;
  LinkSetup idle_setup_;
  LinkSetup slow_setup_;
  std::deque<Link> links_;  // the idle ones first
  std::size_t begun_ = 0;
  std::size_t connecting_ = 0;
  base::TimePoint reading_since_;
};

}  // namespace dlab::load
