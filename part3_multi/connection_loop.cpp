#include "part3_multi/connection_loop.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "common/base/errors.hpp"

namespace dlab::part3 {
namespace {

constexpr std::uint64_t kWake = std::numeric_limits<std::uint64_t>::max();

}  // namespace

ConnectionLoop::ConnectionLoop() {
  poller_.add(wakeup_.fd(), EPOLLIN, kWake);
}

void ConnectionLoop::cancel() {
  cancelled_ = true;
  wakeup_.call();
}

void ConnectionLoop::run(Transfer& transfer, std::vector<report::ConnectionReport>& reports) {
  transfer_ = &transfer;
  lanes_.clear();
  over_ = 0;
  work_known_ = false;
  changes_ = 0;
  for (unsigned number = 0; number < reports.size(); ++number) {
    lanes_.emplace_back(transfer, number, reports[number]);
  }
  prepare(lanes_.size());
  while (!is_over()) {
    turn();
  }
  for (unsigned number = 0; number < lanes_.size(); ++number) {
    drop(number);
  }
  transfer.end(cancelled_ ? std::make_exception_ptr(base::Interrupted()) : nullptr);
}

bool ConnectionLoop::is_over() const {
  const bool time_is_up = transfer_->until && base::Clock::now() >= *transfer_->until;
  return cancelled_ || time_is_up || over_ == lanes_.size() || transfer_->ending.reached();
}

// What has come is looked at before the clock: nobody is late whose bytes have waited for us.
void ConnectionLoop::turn() {
  for (const auto& event : poller_.wait(next_due())) {
    if (event.data.u64 != kWake) {
      const auto number = static_cast<unsigned>(event.data.u64);
      attend(number, [&] { ready(number); });
    }
  }
  work_known_ = transfer_->board.is_open();
  if (const auto changes = transfer_->board.changes(); changes != changes_) {
    changes_ = changes;
    announce_work();
  }
  look_at_the_clock();
}

void ConnectionLoop::announce_work() {
  for (unsigned number = 0; number < lanes_.size(); ++number) {
    if (lanes_[number].state == Lane::State::alive) {
      attend(number, [&] { work_is_known(number); });
    }
  }
}

// Begins what may begin and ends what is late.
void ConnectionLoop::look_at_the_clock() {
  const auto now = base::Clock::now();
  for (unsigned number = 0; number < lanes_.size(); ++number) {
    const Lane& lane = lanes_[number];
    if (lane.due <= now && may_begin(number)) {
      attend(number, [&] { begin_life(number); });
    } else if (lane.due <= now && lane.state == Lane::State::alive) {
      attend(number, [&] { late(number); });
    }
  }
}

// Connection 0 stands first in the server's queue (Transfer), and to come back without work would
// be for nothing.
bool ConnectionLoop::may_begin(unsigned number) const {
  const Lane& lane = lanes_[number];
  return lane.state == Lane::State::resting && (number == 0 || transfer_->others_may_connect) &&
         (!lane.has_lived || work_known_);
}

void ConnectionLoop::begin_life(unsigned number) {
  Lane& lane = lanes_[number];
  auto task = lane.work.begin_life();
  if (!task) {
    end(number);
    return;
  }
  lane.state = Lane::State::alive;
  lane.has_lived = true;
  be_never_late(number);
  begin(number, std::move(*task));
}

// Runs a step of a connection's life, and ends the life if the step throws.
template <typename Step>
void ConnectionLoop::attend(unsigned number, Step step) {
  try {
    step();
  } catch (const std::exception&) {
    drop(number);
    if (const auto pause = lanes_[number].comebacks.after(std::current_exception())) {
      rest(number, *pause);
    } else {
      end(number);
    }
  }
}

void ConnectionLoop::rest(unsigned number, base::Duration time) {
  lanes_[number].state = Lane::State::resting;
  lanes_[number].due = base::Clock::now() + time;
}

void ConnectionLoop::begin_again(unsigned number) {
  drop(number);
  rest(number, base::Duration::zero());
}

void ConnectionLoop::end(unsigned number) {
  drop(number);
  lanes_[number].state = Lane::State::over;
  lanes_[number].work.end();
  ++over_;
}

void ConnectionLoop::be_late_after(unsigned number, base::Duration time) {
  lanes_[number].due = base::Clock::now() + time;
}

// When is there something to do though nothing happens?
base::TimePoint ConnectionLoop::next_due() const {
  if (is_over()) {
    return {};
  }
  auto due = transfer_->until.value_or(base::TimePoint::max());
  for (unsigned number = 0; number < lanes_.size(); ++number) {
    if (lanes_[number].state == Lane::State::alive || may_begin(number)) {
      due = std::min(due, lanes_[number].due);
    }
  }
  return due;
}

}  // namespace dlab::part3
