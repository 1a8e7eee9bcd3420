#include "common/storage/checkpointer.hpp"

#include <system_error>
#include <utility>

#include "common/base/clock.hpp"

namespace dlab::storage {
namespace {

constexpr std::uint64_t kBytesBetween = std::uint64_t{64} << 20U;
constexpr std::chrono::seconds kTimeBetween{5};

}  // namespace

Checkpointer::Checkpointer(PartFile* part) : part_(part) {}

Checkpointer::~Checkpointer() {
  stop();
}

void Checkpointer::start(const ControlRecord& record) {
  const std::lock_guard lock(mutex_);
  record_ = record;
  for (const auto& range : record.received) {
    received_.add(range);
  }
  saved_ = received_.total();
  started_ = true;
  if (part_ != nullptr) {
    worker_ = std::jthread([this] { work(); });
    at_work_
        .wait();  // who forks next must not copy locks of a thread about to start (SignalWatcher)
  }
}

void Checkpointer::note_mirror(const std::string& mirror, std::uint64_t version) {
  const std::lock_guard lock(mutex_);
  record_.mirrors[mirror] = version;
}

std::uint64_t Checkpointer::add(ByteRange range) {
  const std::lock_guard lock(mutex_);
  const std::uint64_t fresh = received_.add(range);
  if (due()) {
    changed_.notify_all();
  }
  return fresh;
}

std::uint64_t Checkpointer::total() {
  const std::lock_guard lock(mutex_);
  return received_.total();
}

std::vector<ByteRange> Checkpointer::missing(ByteRange whole) {
  const std::lock_guard lock(mutex_);
  return received_.missing(whole);
}

bool Checkpointer::due() const {
  return received_.total() - saved_ >= kBytesBetween;
}

void Checkpointer::work() {
  at_work_.count_down();
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    changed_.wait_for(lock, kTimeBetween, [this] { return stopping_ || due(); });
    if (!stopping_ && received_.total() > saved_) {
      try {
        checkpoint(lock);
      } catch (const std::system_error&) {
        // A disk that cannot be written to stops the download itself soon enough; without a record
        // it only cannot be resumed.
        return;
      }
    }
  }
}

// The bytes are counted before they are synced and the record follows them, so that what it says
// is true whenever the power fails. The lock is not held while the disk works.
void Checkpointer::checkpoint(std::unique_lock<std::mutex>& lock) {
  ControlRecord record = record_;
  record.received = received_.ranges();
  const std::uint64_t total = received_.total();
  lock.unlock();
  const auto started = base::Clock::now();
  part_->sync();
  part_->control().save(record);
  const double seconds = base::to_seconds(base::Clock::now() - started);
  lock.lock();
  saved_ = total;
  fsync_seconds_ += seconds;
}

void Checkpointer::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    changed_.notify_all();
  }
  if (worker_.joinable()) {
    worker_.join();
  }
}

bool Checkpointer::save() {
  std::unique_lock lock(mutex_);
  if (part_ == nullptr || !started_) {
    return false;
  }
  try {
    if (received_.total() > saved_) {
      checkpoint(lock);
    }
  } catch (const std::system_error&) {
    lock.lock();  // the record before this one, if there is one, is as true as it was
  }
  return saved_ > 0;
}

void Checkpointer::forget() {
  if (part_ != nullptr) {
    part_->control().remove();
  }
}

double Checkpointer::fsync_seconds() {
  const std::lock_guard lock(mutex_);
  return fsync_seconds_;
}

}  // namespace dlab::storage
