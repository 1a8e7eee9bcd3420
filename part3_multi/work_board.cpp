#include "part3_multi/work_board.hpp"

#include <algorithm>
#include <functional>

namespace dlab::part3 {

TaskPtr WorkBoard::open(const std::vector<storage::ByteRange>& missing, unsigned connection,
                        storage::ByteRange first) {
  const std::lock_guard lock(mutex_);
  fill(missing, connection, first);
  open_ = true;
  tell_change();
  return assign(connection, first);
}

void WorkBoard::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  tell_change();
}

void WorkBoard::allow_up_to(std::uint64_t end) {
  const std::lock_guard lock(mutex_);
  allowed_end_ = end;
  tell_change();
}

void WorkBoard::tell_change() {
  ++changes_;
  changed_.notify_all();
}

bool WorkBoard::is_open() {
  const std::lock_guard lock(mutex_);
  return open_ || ended_;
}

bool WorkBoard::can_claim(unsigned connection) {
  const std::lock_guard lock(mutex_);
  return is_claimable(connection);
}

void WorkBoard::wait_until_claimable(unsigned connection) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return is_claimable(connection); });
}

// Both: caller holds mutex_. What is held back waits for bytes before it, which others are at:
// those were allowed when they were asked for.
bool WorkBoard::is_held_back(unsigned connection) const {
  const auto range = next(connection);
  return range && range->end > allowed_end_;
}

bool WorkBoard::is_claimable(unsigned connection) const {
  return ended_ || (open_ && !is_held_back(connection));
}

bool WorkBoard::retire(unsigned connection) {
  const std::lock_guard lock(mutex_);
  is_at_work_[connection] = false;
  is_at_work_[connection] = std::ranges::none_of(is_at_work_, std::identity());
  tell_change();
  return !is_at_work_[connection];
}

TaskPtr WorkBoard::claim(unsigned connection) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return is_claimable(connection); });
  if (ended_) {
    return nullptr;
  }
  auto range = take(connection);
  if (!range) {
    range = take_from_others(connection);
  }
  is_at_work_[connection] = range.has_value();
  return range ? assign(connection, *range) : nullptr;
}

TaskPtr WorkBoard::claim_next(const Task& current) {
  const std::lock_guard lock(mutex_);
  if (ended_ || current.end < current.asked.end || is_held_back(current.connection)) {
    return nullptr;
  }
  const auto range = take(current.connection);
  return range ? assign(current.connection, *range) : nullptr;
}

std::uint64_t WorkBoard::wanted(const Task& task) {
  const std::lock_guard lock(mutex_);
  return task.end - std::min(task.position, task.end);
}

void WorkBoard::advance(Task& task, std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  task.position += bytes;
}

void WorkBoard::close(const TaskPtr& task) {
  const std::lock_guard lock(mutex_);
  std::erase(tasks_, task);
  if (task->position < task->end) {
    give_back(task->connection, {task->position, task->end});
    tell_change();
  }
}

// Caller holds mutex_.
TaskPtr WorkBoard::assign(unsigned connection, storage::ByteRange range) {
  return tasks_.emplace_back(std::make_shared<Task>(Task{.connection = connection,
                                                         .index = next_index_++,
                                                         .asked = range,
                                                         .position = range.begin,
                                                         .end = range.end,
                                                         .claimed = base::Clock::now()}));
}

}  // namespace dlab::part3
