#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <latch>
#include <mutex>
#include <string>
#include <thread>

#include "common/storage/byte_range.hpp"
#include "common/storage/control_file.hpp"
#include "common/storage/part_file.hpp"

namespace dlab::storage {

// Which bytes of the download have come; with a part file, also remembers them on the disk so that
// a later run can go on: every 64 MiB or 5 s, on a thread of its own. Thread-safe.
class Checkpointer {
 public:
  // `part`: null when nothing is kept. It must outlive this.
  explicit Checkpointer(PartFile* part);
  // Ends without a last checkpoint.
  ~Checkpointer();
  Checkpointer(const Checkpointer&) = delete;
  Checkpointer& operator=(const Checkpointer&) = delete;

  // The file is known; `received` of it is here already. Checkpoints begin.
  void start(const ControlRecord& record);
  // Bytes are going to come from `mirror` too, which has this version of the file.
  void note_mirror(const std::string& mirror, std::uint64_t version);
  // `range` has been written. Returns how many of its bytes are new.
  std::uint64_t add(ByteRange range);

  std::uint64_t total();
  std::vector<ByteRange> missing(ByteRange whole);

  // No more checkpoints by itself. Idempotent; from one thread.
  void stop();
  // After stop(), when the part file may stay: writes the last record, if it tells anything new.
  // True when a later run has something to go on from: this record, or an older one when the disk
  // refuses.
  bool save();
  // After stop(): removes the record, because the download is complete or starts over.
  void forget();
  // Time spent waiting for the disk so far, in seconds.
  double fsync_seconds();

 private:
  void work();
  bool due() const;
  void checkpoint(std::unique_lock<std::mutex>& lock);

  PartFile* part_;
  std::mutex mutex_;
  std::condition_variable changed_;
  RangeSet received_;         // guarded by mutex_
  ControlRecord record_;      // all but `received`; guarded by mutex_
  bool started_ = false;      // guarded by mutex_
  bool stopping_ = false;     // guarded by mutex_
  std::uint64_t saved_ = 0;   // bytes in the last record; guarded by mutex_
  double fsync_seconds_ = 0;  // guarded by mutex_
  std::latch at_work_{1};
  std::jthread worker_;
};

}  // namespace dlab::storage
