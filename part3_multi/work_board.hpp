#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <limits>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "common/base/clock.hpp"
#include "common/storage/byte_range.hpp"

namespace dlab::part3 {

// A range that one connection has asked for. Its members belong to the board.
struct Task {
  unsigned connection = 0;
  std::uint64_t index = 0;     // in order of assignment
  storage::ByteRange asked;    // what the server was asked for, and will send
  std::uint64_t position = 0;  // received up to here
  std::uint64_t end = 0;  // wanted up to here: less than asked once another connection took some
  base::TimePoint claimed{};
};

using TaskPtr = std::shared_ptr<Task>;

// What is still to be brought, and who brings it: the schedule of a download. Connections claim
// tasks, tell how far they are, and close them; what a dying connection leaves undone goes back.
// Thread-safe: one mutex guards everything, tasks included.
class WorkBoard {
 public:
  // Connections are numbered from 0.
  explicit WorkBoard(unsigned connections) : is_at_work_(connections, true) {}
  WorkBoard(const WorkBoard&) = delete;
  WorkBoard& operator=(const WorkBoard&) = delete;
  virtual ~WorkBoard() = default;

  // The file is known: `missing` is to be brought, and `connection` has its front `first` under
  // way already.
  TaskPtr open(const std::vector<storage::ByteRange>& missing, unsigned connection,
               storage::ByteRange first);
  // No more claims: everything is here, or all is lost.
  void end();

  // No byte from `end` on may be asked for yet: what is before it has to be written first. Without
  // this there is no limit.
  void allow_up_to(std::uint64_t end);

  // Is the file known, or is all over?
  bool is_open();
  // Would claim() answer at once?
  bool can_claim(unsigned connection);
  void wait_until_claimable(unsigned connection);
  // Becomes more whenever can_claim() may have become true.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }
  // The connection has not been let in, and the others go on without it. False: there are no
  // others, and it must come back.
  bool retire(unsigned connection);

  // Work for a connection that has none; nothing when there is no more for it, ever. Waits for
  // open(), and until it may be asked for.
  TaskPtr claim(unsigned connection);
  // Work to ask for while `current` is still coming in, so that no round trip is idle. Nothing
  // when the queue is empty or may not be asked for yet, or when the stream of `current` will not
  // be read to its end.
  TaskPtr claim_next(const Task& current);

  // How many bytes are still wanted?
  std::uint64_t wanted(const Task& task);
  // `bytes` more have come.
  void advance(Task& task, std::uint64_t bytes);
  // The connection is done with it; what is still wanted of it goes back to the board.
  void close(const TaskPtr& task);

 protected:
  // All are called with the mutex held. `first` stands at the front of `missing`.
  virtual void fill(const std::vector<storage::ByteRange>& missing, unsigned connection,
                    storage::ByteRange first) = 0;
  // What take() is going to return, which makes it the connection's.
  [[nodiscard]] virtual std::optional<storage::ByteRange> next(unsigned connection) const = 0;
  virtual std::optional<storage::ByteRange> take(unsigned connection) = 0;
  virtual std::optional<storage::ByteRange> take_from_others(unsigned) { return std::nullopt; }
  virtual void give_back(unsigned connection, storage::ByteRange range) = 0;
  std::vector<TaskPtr>& tasks() { return tasks_; }
  [[nodiscard]] bool is_at_work(unsigned connection) const { return is_at_work_[connection]; }

 private:
  [[nodiscard]] bool is_held_back(unsigned connection) const;
  [[nodiscard]] bool is_claimable(unsigned connection) const;
  void tell_change();
  TaskPtr assign(unsigned connection, storage::ByteRange range);

  std::mutex mutex_;
  std::condition_variable changed_;
  std::atomic<std::uint64_t> changes_ = 0;
  bool open_ = false;                                                      // guarded by mutex_
  bool ended_ = false;                                                     // guarded by mutex_
  std::uint64_t allowed_end_ = std::numeric_limits<std::uint64_t>::max();  // guarded by mutex_
  std::uint64_t next_index_ = 0;                                           // guarded by mutex_
  std::vector<TaskPtr> tasks_;    // under way; guarded by mutex_
  std::vector<bool> is_at_work_;  // by connection: it may come for more; guarded by mutex_
};

}  // namespace dlab::part3
