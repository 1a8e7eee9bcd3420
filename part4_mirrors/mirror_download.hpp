#pragma once

#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "common/base/errors.hpp"
#include "common/cli/options.hpp"
#include "common/download/output.hpp"
#include "common/download/time_limits.hpp"
#include "common/report/progress.hpp"
#include "common/report/transfer_report.hpp"
#include "part4_mirrors/mirror_transfer.hpp"
#include "part4_mirrors/teller.hpp"

namespace dlab::part4 {

struct MirrorOptions {
  std::string servers;  // the path of the servers file
  std::uint64_t chunks = 1;
  unsigned threads = 64;  // at most
  storage::WriterKind writer = storage::WriterKind::positional;
  std::string cacert;  // as in SourceSetup
  Rules rules;
  bool resume = false;
  std::optional<storage::Sha256Value> digest;  // which file is meant
  std::string trust;  // or whose; as a line of the servers file; empty: nobody's
};

// Part 4's client: one file in chunks from many servers.
class MirrorDownload {
 public:
  // `options` and `report` must outlive the download. Throws base::UsageError for wishes that
  // contradict each other.
  MirrorDownload(const cli::ClientOptions& options, const MirrorOptions& mirror,
                 const std::vector<MirrorAddress>& addresses, report::TransferReport& report);

  // Brings the file, verifies it if a mirror tells a digest, and gives it its final name. Throws
  // when any of it fails; what has come is then kept for --resume, and the final name holds no
  // partial file. What is no plain file has been written to by then.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { stop(std::make_exception_ptr(base::Interrupted())); }

 private:
  void stop(std::exception_ptr reason);
  void rethrow_if_stopped();
  void bring(const download::Attempt& attempt);
  void ask_what_it_is();
  void tell(ChunkSchedule& schedule) const;
  void wait_for_the_busy(base::TimePoint until);
  void transfer(const download::Attempt& attempt);
  [[nodiscard]] Rules rules_of(const download::Attempt& attempt, unsigned workers) const;
  void run(MirrorTransfer& shared);
  [[nodiscard]] std::unique_ptr<report::ProgressDisplay> show_mirrors(MirrorBoard& board) const;
  void set_running(MirrorTransfer* transfer);
  void note(const ChunkSchedule& schedule, storage::Checkpointer& received, std::uint64_t already);
  void throw_if_incomplete(MirrorBoard& board, const ChunkSchedule& schedule, bool keeps);

  const cli::ClientOptions& options_;
  MirrorOptions mirror_;
  report::TransferReport& report_;
  Mirrors mirrors_;
  Wanted wanted_;
  std::vector<BusyPeriod> busy_;       // of each mirror, as far as the first questions have told
  std::optional<std::uint64_t> size_;  // nothing while it is unknown
  std::size_t teller_ = 0;             // the mirror that has told what the file is
  bool teller_knows_ranges_ = true;
  download::Output output_;
  net::OpenStreams open_;  // while no worker runs
  Inquiry inquiry_;

  std::mutex mutex_;
  MirrorTransfer* running_ = nullptr;  // guarded by mutex_
  std::exception_ptr stopped_;         // why; guarded by mutex_

  std::unique_ptr<download::Watch> deadline_;  // until all bytes are here
};

}  // namespace dlab::part4
