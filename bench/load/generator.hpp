#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "bench/load/arrivals.hpp"
#include "bench/load/company.hpp"
#include "bench/load/link.hpp"
#include "bench/load/load_options.hpp"
#include "bench/load/objects.hpp"
#include "bench/load/poller.hpp"
#include "bench/load/tally.hpp"

namespace dlab::load {

// Asks a server for objects over many connections, from one thread, and measures how long each
// request takes.
//
// Closed loop: each connection asks again when its answer has come. A server that stalls is asked
// less meanwhile, so few requests show the stall. Open loop: requests are due by a schedule drawn
// from the seed; one that finds no connection free waits for one, and its latency counts from when
// it was due, so a stall shows in every request that fell into it (Schroeder, Wierman,
// Harchol-Balter 2006, "Open Versus Closed: A Cautionary Tale"; Tene's "coordinated omission").
class Generator : public LinkListener {
 public:
  // `options` and `tally` must outlive it. Throws std::system_error.
  Generator(const LoadOptions& options, Tally& tally);

  // Puts the load on until the duration or the number of requests is over, then waits a second for
  // what is under way. Throws base::Interrupted, and std::runtime_error when all it heard were
  // refusals.
  void run();
  // Ends run() from another thread.
  void cancel() noexcept { poller_.interrupt(); }

  // Called about once a second while the load is on, with what it has come to so far.
  std::function<void(const Tally&, double seconds)> on_progress;

  [[nodiscard]] const Window& window() const { return window_; }

  void opened(Link& link, base::Duration took) override;
  void finished(Link& link, const Outcome& outcome) override;
  void closed(Link& link, const std::string& error) override;

 private:
  enum class Place { busy, ready, resting };  // of a link in the queues below
  struct Rest {
    Link* link;
    base::TimePoint until;
  };

  void begin();
  [[nodiscard]] bool over(base::TimePoint now) const;
  [[nodiscard]] bool may_issue(base::TimePoint due) const;
  [[nodiscard]] base::TimePoint next_arrival();
  [[nodiscard]] Request draw(base::TimePoint intended);
  void take_arrivals(base::TimePoint now);
  void dispatch(base::TimePoint now);
  void ask(Link& link, Request request);
  void look_around(base::TimePoint now);
  void require_an_answer() const;
  void make_ready(Link& link);
  void let_rest(Link& link);
  void end();

  const LoadOptions& options_;
  Tally& tally_;
  const std::string host_;  // as the Host field has it
  ObjectChoice choice_;
  Arrivals arrivals_;
  LinkSetup setup_;
  Poller poller_;
  Company company_;
  std::deque<Link> links_;
  std::vector<Place> places_;    // of links_
  std::deque<Link*> ready_;      // can take a request
  std::deque<Rest> resting_;     // after an error, so as not to spin
  std::vector<Link*> asked_;     // have something to send
  std::deque<Request> waiting_;  // due, and no connection was free
  Window window_;
  base::TimePoint arrival_;  // when the next request is due; open loop
  base::TimePoint next_look_;
  base::TimePoint next_progress_;
  std::uint64_t issued_ = 0;
  std::uint64_t finished_ = 0;
};

}  // namespace dlab::load
