#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "common/base/clock.hpp"
#include "common/wire/messages.hpp"
#include "part3_multi/work_board.hpp"

namespace dlab::part3 {

// What one connection needs of the download that it works for: tasks, and a place for their bytes.
// The download may be in the same process (LocalWork) or in another one (RemoteWork). Used by one
// thread.
class ConnectionWork {
 public:
  ConnectionWork() = default;
  ConnectionWork(const ConnectionWork&) = delete;
  ConnectionWork& operator=(const ConnectionWork&) = delete;
  virtual ~ConnectionWork() = default;

  // A connection stands, after a handshake of `handshake`.
  virtual void connected(std::uint16_t local_port, base::Duration handshake) = 0;

  // Would claim() answer at once? It waits until it is known what the file is, and for bytes that
  // have to be written first.
  virtual bool can_claim() = 0;
  virtual void wait_until_claimable() = 0;
  // As WorkBoard's, for this connection.
  virtual TaskPtr claim() = 0;
  virtual TaskPtr claim_next(const Task& current) = 0;
  // The answer to the first request of all says what the file is; the task that it answers.
  virtual TaskPtr open(const wire::File& file) = 0;
  // The version that every answer must have; wire::kAnyVersion until the first has come.
  virtual std::uint64_t version() = 0;

  // How many bytes of `task` are still wanted?
  virtual std::uint64_t wanted(const Task& task) = 0;
  // Keeps `data`, the next bytes of `task`. Throws storage::SinkFailed.
  virtual void take_in(Task& task, std::span<const std::byte> data) = 0;
  // All that was wanted of `task` is here. Moments are seconds after t0; an empty task has no first
  // byte.
  virtual void finish(const Task& task, double sent_s, std::optional<double> first_byte_s) = 0;
  // The connection is done with `task`: what is still wanted of it goes to others.
  virtual void close(const TaskPtr& task) = 0;
};

// A task in a connection's hands: closed when this goes, however that comes. May be empty.
class HeldTask {
 public:
  HeldTask(ConnectionWork& work, TaskPtr task) : work_(&work), task_(std::move(task)) {}
  HeldTask(HeldTask&&) = default;
  HeldTask& operator=(HeldTask&& other) noexcept {
    std::swap(work_, other.work_);
    std::swap(task_, other.task_);
    return *this;
  }
  ~HeldTask() {
    if (task_) {
      work_->close(task_);
    }
  }

  [[nodiscard]] const TaskPtr& get() const { return task_; }
  Task& operator*() const { return *task_; }
  Task* operator->() const { return task_.get(); }
  explicit operator bool() const { return task_ != nullptr; }

 private:
  ConnectionWork* work_;
  TaskPtr task_;
};

}  // namespace dlab::part3
