#include "part4_mirrors/mirror_board.hpp"

#include <utility>

namespace dlab::part4 {

using base::Clock;

std::optional<Decision> MirrorBoard::claim() {
  std::unique_lock lock(mutex_);
  while (!ended_) {
    const Decision decision = schedule_.next(Clock::now());
    if (decision.kind == Decision::Kind::ask) {
      return decision;
    }
    if (decision.kind == Decision::Kind::over) {
      break;
    }
    if (decision.until == base::TimePoint::max()) {
      changed_.wait(lock);
    } else {
      changed_.wait_until(lock, decision.until);
    }
  }
  return std::nullopt;
}

std::uint64_t MirrorBoard::wanted(AskId id) {
  const std::lock_guard lock(mutex_);
  return ended_ ? 0 : schedule_.wanted(id);
}

Verdict MirrorBoard::judge(AskId id) {
  const std::lock_guard lock(mutex_);
  return ended_ ? Verdict::not_wanted : schedule_.judge(id, Clock::now());
}

void MirrorBoard::received(AskId id, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  schedule_.received(id, bytes, Clock::now());
}

void MirrorBoard::written(std::uint64_t end) {
  const std::lock_guard lock(mutex_);
  schedule_.written(end);
  changed_.notify_all();
}

void MirrorBoard::heard(AskId id) {
  const std::lock_guard lock(mutex_);
  schedule_.heard(id, Clock::now());
}

// After the end there is nothing more to bring, and nobody to tell about it.
Decision MirrorBoard::begin_stream(AskId id) {
  const std::lock_guard lock(mutex_);
  const Decision decision = ended_ ? Decision{} : schedule_.begin_stream(id, Clock::now());
  changed_.notify_all();
  return decision;
}

Decision MirrorBoard::next_of_stream(AskId id) {
  const std::lock_guard lock(mutex_);
  const Decision decision = ended_ ? Decision{} : schedule_.next_of_stream(id, Clock::now());
  changed_.notify_all();
  return decision;
}

void MirrorBoard::file_ends(AskId id) {
  const std::lock_guard lock(mutex_);
  schedule_.file_ends(id);
}

void MirrorBoard::ended(AskId id, Ending ending, const std::string& reason,
                        std::optional<base::Duration> wait) {
  const std::lock_guard lock(mutex_);
  if (!ended_) {  // else we have broken it off ourselves, which tells nothing of the mirror
    schedule_.ended(id, ending, reason, Clock::now(), wait);
    changed_.notify_all();
  }
}

bool MirrorBoard::has_delivered(std::size_t mirror, base::Duration time) {
  const std::lock_guard lock(mutex_);
  return schedule_.mirrors().has_delivered(mirror, Clock::now() - time);
}

std::uint64_t MirrorBoard::received_bytes() {
  const std::lock_guard lock(mutex_);
  return schedule_.received_bytes();
}

MirrorsView MirrorBoard::look() {
  const std::lock_guard lock(mutex_);
  return view_of(schedule_, Clock::now());
}

void MirrorBoard::end(std::exception_ptr error) {
  const std::lock_guard lock(mutex_);
  if (!ended_) {
    ended_ = true;
    error_ = std::move(error);
    changed_.notify_all();
  }
}

void MirrorBoard::rethrow_error() {
  const std::lock_guard lock(mutex_);
  if (error_) {
    std::rethrow_exception(error_);
  }
}

}  // namespace dlab::part4
