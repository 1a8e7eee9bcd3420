#pragma once

#include <deque>
#include <exception>
#include <mutex>
#include <string>
#include <vector>

#include "common/cli/options.hpp"
#include "common/exchange/requests.hpp"
#include "common/report/transfer_report.hpp"
#include "common/storage/part_file.hpp"
#include "part4_mirrors/mirror_transfer.hpp"

namespace dlab::part4 {

struct MirrorOptions {
  std::string servers;  // the path of the servers file
  std::uint64_t chunks = 1;
  unsigned threads = 64;  // at most
  storage::WriterKind writer = storage::WriterKind::positional;
  std::string cacert;  // as in SourceSetup
  Rules rules;
};

// Part 4's client: one file in chunks from many servers.
class MirrorDownload {
 public:
  // `options` and `report` must outlive the download. Throws base::UsageError for wishes that
  // contradict each other.
  MirrorDownload(const cli::ClientOptions& options, const MirrorOptions& mirror,
                 const std::vector<MirrorAddress>& addresses, report::TransferReport& report);

  // Brings the file, verifies it if a mirror tells a digest, and gives it its final name. Throws
  // when any of it fails; the final name then holds no partial file.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel();

 private:
  void ask_size();
  void ask_size_of(Mirror& mirror);
  void run_to_file();
  void transfer(storage::Sink& sink);
  void run_workers(MirrorTransfer& shared);
  void verify(const storage::PartFile& part);
  void compare_digests(const storage::PartFile& part);
  exchange::MessageChannel connect(const Mirror& mirror);

  const cli::ClientOptions& options_;
  MirrorOptions mirror_;
  report::TransferReport& report_;
  std::deque<Mirror> mirrors_;
  std::uint64_t size_ = 0;
  net::OpenStreams open_;  // while no worker runs

  std::mutex mutex_;
  MirrorTransfer* running_ = nullptr;  // guarded by mutex_
  bool cancelled_ = false;             // guarded by mutex_
};

}  // namespace dlab::part4
