#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <utility>

namespace dlab::base {

// The bounded buffer between one or more producers and consumers: lock and two conditions.
//
//   producer                      consumer
//   while (...) push(item)        while (auto item = pop()) use(*item)
//   close()
//
// Both ways of ending cross over: close() lets the consumer drain what is left and then see the
// end; fail() makes the other side's next call throw the given exception. Every method may be
// called from any thread.
template <typename Item>
class BoundedBuffer {
 public:
  // `capacity`: items held at most, at least 1.
  explicit BoundedBuffer(std::size_t capacity) : capacity_(capacity) {}

  // Waits while the buffer is full. False when it was closed: the item was not taken.
  // Throws what fail() was given.
  bool push(Item item) {
    std::unique_lock lock(mutex_);
    // The condition is looked at again after each wake-up: a wake-up is a hint, not a promise.
    not_full_.wait(lock, [this] { return items_.size() < capacity_ || closed_ || error_; });
    throw_if_failed();
    if (closed_) {
      return false;
    }
    items_.push_back(std::move(item));
    // One item can satisfy one consumer, so waking one is enough.
    not_empty_.notify_one();
    return true;
  }

  // Waits while the buffer is empty. Nothing once it is closed and drained.
  // Throws what fail() was given, even when items are left.
  std::optional<Item> pop() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [this] { return !items_.empty() || closed_ || error_; });
    throw_if_failed();
    if (items_.empty()) {
      return std::nullopt;
    }
    Item item = std::move(items_.front());
    items_.pop_front();
    not_full_.notify_one();
    return item;
  }

  // No more items will come. Idempotent.
  void close() {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    wake_all();
  }

  // Ends both sides with an error. The first error stays.
  void fail(std::exception_ptr error) {
    const std::lock_guard lock(mutex_);
    if (!error_) {
      error_ = std::move(error);
    }
    wake_all();
  }

  [[nodiscard]] std::size_t capacity() const { return capacity_; }

 private:
  // Everybody must see an end, however many wait.
  void wake_all() {
    not_full_.notify_all();
    not_empty_.notify_all();
  }
  void throw_if_failed() const {
    if (error_) {
      std::rethrow_exception(error_);
    }
  }

  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable not_full_;
  std::condition_variable not_empty_;
  std::deque<Item> items_;    // guarded by mutex_
  bool closed_ = false;       // guarded by mutex_
  std::exception_ptr error_;  // guarded by mutex_
};

}  // namespace dlab::base
