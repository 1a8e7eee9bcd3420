#pragma once

#include <condition_variable>
#include <exception>
#include <mutex>
#include <optional>
#include <string>

#include "part4_mirrors/chunk_schedule.hpp"
#include "part4_mirrors/mirrors_view.hpp"

namespace dlab::part4 {

// A schedule between threads, with the machine's clock: one mutex guards all of it. Workers without
// work wait here. Thread-safe.
class MirrorBoard {
 public:
  // `schedule` must outlive this, and is nobody else's until all workers have ended.
  explicit MirrorBoard(ChunkSchedule& schedule) : schedule_(schedule) {}

  // What to ask for next; waits for it. Nothing once all is over.
  std::optional<Decision> claim();

  // As in ChunkSchedule. After end() nothing is wanted.
  std::uint64_t wanted(AskId id);
  Verdict judge(AskId id);
  void received(AskId id, std::uint64_t bytes);
  void written(std::uint64_t end);
  void heard(AskId id);
  Decision begin_stream(AskId id);
  Decision next_of_stream(AskId id);
  void file_ends(AskId id);
  void ended(AskId id, Ending ending, const std::string& reason,
             std::optional<base::Duration> wait = {});
  // Has a byte come from this mirror within the last `time`?
  bool has_delivered(std::size_t mirror, base::Duration time);

  // How many bytes are here?
  std::uint64_t received_bytes();
  // How things stand, for somebody to look at.
  MirrorsView look();

  // Everything ends. `error`: why; null when there is nothing wrong. Only the first call counts.
  void end(std::exception_ptr error);
  void rethrow_error();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  ChunkSchedule& schedule_;   // guarded by mutex_
  bool ended_ = false;        // guarded by mutex_
  std::exception_ptr error_;  // guarded by mutex_
};

}  // namespace dlab::part4
