#include "bench/load/generator.hpp"

#include <algorithm>
#include <stdexcept>

#include "common/base/errors.hpp"

namespace dlab::load {
namespace {

using namespace std::chrono_literals;

constexpr auto kDeadlineLook = 10ms;  // from one look at deadlines to the next
constexpr auto kRest = 10ms;          // of a connection after an error
constexpr auto kDrain = 1s;           // for what is under way at the end
constexpr std::uint64_t kHopeless = 100;

std::uint64_t seed_of_arrivals(std::uint64_t seed) {
  return base::SplitMix64(seed).next();
}

}  // namespace

Generator::Generator(const LoadOptions& options, Tally& tally)
    : options_(options),
      tally_(tally),
      host_(options.server.text()),
      choice_(options.objects, options.seed),
      arrivals_(options.arrivals, options.rate, seed_of_arrivals(options.seed)),
      setup_{.server = net::resolve(options.server, false).front(),
             .socket = {},
             .terms = options.terms,
             .connect_timeout = options.connect_timeout,
             .stall_timeout = options.stall_timeout},
      company_(options, setup_, poller_, tally),
      places_(options.connections, Place::busy) {
  for (unsigned i = 0; i < options.connections; ++i) {
    links_.emplace_back(i, setup_, poller_, *this);
  }
}

void Generator::run() {
  company_.open();
  begin();
  for (auto now = base::Clock::now(); !over(now); now = base::Clock::now()) {
    if (poller_.interrupted()) {
      throw base::Interrupted();
    }
    take_arrivals(now);
    dispatch(now);
    if (now >= next_look_) {
      look_around(now);
    }
    const bool arrivals_follow = options_.loop == LoopKind::open && may_issue(arrival_);
    poller_.wait(
        arrivals_follow ? std::min(arrival_, next_look_) : next_look_,
        [](void* link, std::uint32_t events) { static_cast<Link*>(link)->handle(events); });
  }
  end();
}

void Generator::begin() {
  const auto now = base::Clock::now();
  window_.t0 = now;
  window_.begin = now + options_.warmup;
  window_.end = options_.requests ? base::TimePoint::max() : window_.begin + options_.duration;
  next_look_ = now + kDeadlineLook;
  next_progress_ = now + 1s;
  if (options_.loop == LoopKind::open) {
    arrival_ = next_arrival();
  }
  for (auto& link : links_) {
    make_ready(link);
  }
}

bool Generator::may_issue(base::TimePoint due) const {
  return options_.requests ? issued_ < *options_.requests : due < window_.end;
}

bool Generator::over(base::TimePoint now) const {
  const auto due = options_.loop == LoopKind::open ? arrival_ : now;
  if (may_issue(due)) {
    return false;
  }
  return finished_ == issued_ || (!options_.requests && now >= window_.end + kDrain);
}

base::TimePoint Generator::next_arrival() {
  return window_.t0 + arrivals_.next();
}

Request Generator::draw(base::TimePoint intended) {
  return {.index = issued_++, .object = choice_.next(), .intended = intended};
}

void Generator::take_arrivals(base::TimePoint now) {
  if (options_.loop != LoopKind::open) {
    return;
  }
  while (arrival_ <= now && may_issue(arrival_)) {
    waiting_.push_back(draw(arrival_));
    if (window_.holds(arrival_)) {
      tally_.lateness.add(now - arrival_);
    }
    arrival_ = next_arrival();
  }
}

void Generator::dispatch(base::TimePoint now) {
  const bool open_loop = options_.loop == LoopKind::open;
  while (!ready_.empty() && (open_loop ? !waiting_.empty() : may_issue(now))) {
    Link& link = *ready_.front();
    ready_.pop_front();
    places_[link.number()] = Place::busy;
    if (!link.can_ask()) {
      continue;
    }
    if (open_loop) {
      ask(link, waiting_.front());
      waiting_.pop_front();
    } else {
      ask(link, draw(now));
    }
  }
  for (Link* link : asked_) {
    link->flush();
  }
  asked_.clear();
}

void Generator::ask(Link& link, Request request) {
  request.sent = base::Clock::now();
  link.ask(request, options_.objects[request.object].name, host_);
  asked_.push_back(&link);
  make_ready(link);
}

void Generator::look_around(base::TimePoint now) {
  next_look_ = now + kDeadlineLook;
  for (auto& link : links_) {
    link.check_deadline(now);
  }
  while (!resting_.empty() && resting_.front().until <= now) {
    Link& link = *resting_.front().link;
    resting_.pop_front();
    places_[link.number()] = Place::busy;
    make_ready(link);
  }
  company_.look_after(now);
  if (tally_.failed_in_all >= kHopeless) {
    require_an_answer();  // a server that is not there is told now, not after the run
  }
  if (on_progress && now >= next_progress_) {
    next_progress_ += 1s;
    on_progress(tally_, base::to_seconds(now - window_.t0));
  }
}

void Generator::require_an_answer() const {
  if (tally_.answered_in_all == 0) {
    throw std::runtime_error("get from " + host_ + ": nothing was answered: " + tally_.last_error);
  }
}

void Generator::make_ready(Link& link) {
  Place& place = places_[link.number()];
  if (place == Place::busy && link.can_ask()) {
    place = Place::ready;
    ready_.push_back(&link);
  }
}

void Generator::let_rest(Link& link) {
  Place& place = places_[link.number()];
  if (place == Place::busy) {
    place = Place::resting;
    resting_.push_back({&link, base::Clock::now() + kRest});
  }
}

void Generator::opened(Link& /*link*/, base::Duration took) {
  ++tally_.connections_opened;
  if (window_.holds(base::Clock::now())) {
    tally_.connect.add(took);
  }
}

void Generator::finished(Link& link, const Outcome& outcome) {
  ++finished_;
  tally_.note(outcome, link.number(), options_.loop == LoopKind::open, window_);
  if (outcome.error.empty()) {
    make_ready(link);
  } else {
    let_rest(link);
  }
}

void Generator::closed(Link& link, const std::string& /*error*/) {
  make_ready(link);
}

// What has no answer by now counts with the time that it has waited.
void Generator::end() {
  const auto now = base::Clock::now();
  for (auto& link : links_) {
    link.close(kUnanswered);
  }
  for (auto& request : waiting_) {
    request.sent = now;
    tally_.note({request, now, 0, kUnanswered}, 0, true, window_);
  }
  if (options_.requests) {
    window_.end = tally_.last_done;
  }
  // A server that starves everybody to the end has been measured; one that refuses has not.
  if (tally_.last_error != kUnanswered) {
    require_an_answer();
  }
}

}  // namespace dlab::load
