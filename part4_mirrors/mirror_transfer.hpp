#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <exception>
#include <string>
#include <utility>

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/report/progress.hpp"
#include "common/storage/sink.hpp"
#include "common/wire/messages.hpp"
#include "part4_mirrors/mirror_board.hpp"
#include "part4_mirrors/servers_file.hpp"

namespace dlab::part4 {

// A mirror, and which version of the file it has: told by its first answer, asked for in all later
// requests. Versions of different servers are never compared.
struct Mirror {
  explicit Mirror(MirrorAddress where) : address(std::move(where)) {}

  MirrorAddress address;
  std::atomic<std::uint64_t> version = wire::kAnyVersion;
};

// What all workers of one download share. References are to objects that outlive the workers; each
// of them guards itself.
struct MirrorTransfer {
  const cli::ClientOptions& options;
  const std::string& cacert;  // as in SourceSetup
  std::string name;
  std::uint64_t size;        // the file's, as the first mirror said
  std::size_t buffer_bytes;  // of each worker
  base::TimePoint t0;
  std::deque<Mirror>& mirrors;
  MirrorBoard& board;
  storage::Sink& sink;
  report::LatencyRows& rows;
  report::Progress& progress;
  net::OpenStreams open_streams;

  // Ends the download for all workers.
  void end(std::exception_ptr error) {
    board.end(std::move(error));
    open_streams.abort_all();
  }
};

}  // namespace dlab::part4
