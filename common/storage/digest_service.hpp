#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "common/base/clock.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/served_root.hpp"

namespace dlab::storage {

// Computes digests of served files on a thread of its own, one after another, and remembers them
// by version, so that no connection waits behind another's hashing; but for files that are not
// settled, whose version may yet come to mean other bytes. The thread starts with the first digest:
// a process forked before has its own. Thread-safe.
class DigestService {
 public:
  // One digest, computed or being computed.
  class Job {
   public:
    // The digest, or nothing when `at_most` passed first. Throws what reading the file threw.
    std::optional<Sha256Value> wait(base::Duration at_most);
    [[nodiscard]] std::uint64_t done() const { return done_; }

   private:
    friend class DigestService;
    std::atomic<std::uint64_t> done_ = 0;
    std::mutex mutex_;
    std::condition_variable finished_;
    std::optional<Sha256Value> value_;  // guarded by mutex_
    std::exception_ptr error_;          // guarded by mutex_
  };

  DigestService() = default;
  // Gives up what is being computed.
  ~DigestService();
  DigestService(const DigestService&) = delete;
  DigestService& operator=(const DigestService&) = delete;

  // The job for `file`'s content, started if it is new. Takes the open file over. Throws
  // std::system_error when there is no thread to be had.
  std::shared_ptr<Job> digest_of(ServedFile file);

 private:
  struct Order {
    ServedFile file;
    std::shared_ptr<Job> job;
  };
  void work();
  void carry_out(Order& order);
  std::shared_ptr<Job> start(ServedFile file);
  void forget(const Order& order);
  std::optional<Order> next_order();

  std::mutex mutex_;
  std::condition_variable work_to_do_;
  std::map<std::uint64_t, std::shared_ptr<Job>> jobs_by_version_;  // guarded by mutex_
  std::deque<Order> orders_;                                       // guarded by mutex_
  std::atomic<bool> stopping_ = false;
  std::jthread worker_;  // guarded by mutex_; last: it must end before what it uses
};

}  // namespace dlab::storage
