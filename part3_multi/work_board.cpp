#include "part3_multi/work_board.hpp"

#include <algorithm>
#include <functional>

namespace dlab::part3 {

TaskPtr WorkBoard::open(const std::vector<storage::ByteRange>& missing, unsigned connection,
                        storage::ByteRange first) {
  const std::lock_guard lock(mutex_);
  fill(missing, connection, first);
  open_ = true;
  opened_.notify_all();
  return assign(connection, first);
}

void WorkBoard::end() {
  const std::lock_guard lock(mutex_);
  ended_ = true;
  opened_.notify_all();
}

bool WorkBoard::is_open() {
  const std::lock_guard lock(mutex_);
  return open_ || ended_;
}

void WorkBoard::wait_until_open() {
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [this] { return open_ || ended_; });
}

bool WorkBoard::retire(unsigned connection) {
  const std::lock_guard lock(mutex_);
  is_at_work_[connection] = false;
  is_at_work_[connection] = std::ranges::none_of(is_at_work_, std::identity());
  return !is_at_work_[connection];
}

TaskPtr WorkBoard::claim(unsigned connection) {
  std::unique_lock lock(mutex_);
  opened_.wait(lock, [this] { return open_ || ended_; });
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
  if (ended_ || current.end < current.asked.end) {
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
