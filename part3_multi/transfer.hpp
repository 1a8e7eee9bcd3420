#pragma once

#include <atomic>
#include <condition_variable>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/report/progress.hpp"
#include "common/storage/checkpointer.hpp"
#include "common/storage/sink.hpp"
#include "common/wire/messages.hpp"
#include "part3_multi/work_board.hpp"

namespace dlab::part3 {

// The end of a download, which comes once, for one reason. Thread-safe.
class Ending {
 public:
  // `error`: why; null when there is nothing wrong. Only the first call counts.
  void reach(std::exception_ptr error);
  [[nodiscard]] bool reached() const { return reached_; }
  // Waits for `time`, or until the end.
  void wait_for(base::Duration time);
  void rethrow_error();

 private:
  std::atomic<bool> reached_ = false;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::exception_ptr error_;  // guarded by mutex_
};

// What all connections of one download share. References are to objects that outlive the threads;
// each of them guards itself.
struct Transfer {
  const cli::ClientOptions& options;
  std::string name;
  unsigned retries;          // attempts in a row that may fail without a byte on any connection
  std::size_t buffer_bytes;  // of each connection
  std::vector<net::SocketAddress> addresses;
  wire::Get first_request;  // what connection 0 asks before the size is known
  base::TimePoint t0;
  std::optional<base::TimePoint> until;  // a timed run's end
  WorkBoard& board;
  storage::Sink& sink;
  storage::Checkpointer& received;
  report::LatencyRows& rows;
  report::Progress& progress;
  std::atomic<double>& round_trip_s;  // the shortest handshake so far; 0: none yet
  // Called by connection 0 with its answer's header: opens the board, returns its first task.
  std::function<TaskPtr(const wire::File&)> on_header;

  // The version that every answer must have; kAnyVersion until the header has come.
  std::atomic<std::uint64_t> version = wire::kAnyVersion;
  std::atomic<std::uint64_t> bytes = 0;  // received in this run, duplicates included
  std::atomic<std::uint64_t> duplicate_bytes = 0;
  std::atomic<std::uint64_t> retried = 0;
  net::OpenStreams open_streams;
  Ending ending;
  // Connection 0 alone can ask before the size is known, so it must stand first in the server's
  // queue: a server that takes one client at a time would wait for one that waits for it.
  std::atomic<bool> others_may_connect = false;

  void let_others_connect();
  // Ends the download for all connections.
  void end(std::exception_ptr error);
};

}  // namespace dlab::part3
