#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

#include "common/cli/options.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/storage/checkpointer.hpp"
#include "common/storage/digest.hpp"
#include "common/storage/sink.hpp"
#include "part4_mirrors/mirror.hpp"
#include "part4_mirrors/mirror_board.hpp"

namespace dlab::part4 {

// A mirror tells another size than the first one did: the download cannot go on.
class AnotherSize : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// What all workers of one download share. References are to objects that outlive the workers; each
// of them guards itself.
struct MirrorTransfer {
  const cli::ClientOptions& options;
  const std::string& cacert;  // as in SourceSetup
  std::string name;
  std::optional<std::uint64_t> size;  // the file's, as the first mirror said; nothing: unknown
  std::size_t buffer_bytes;           // of each worker
  std::optional<storage::Sha256Value> wanted;  // by --digest or --trust
  base::TimePoint t0;
  Mirrors& mirrors;
  MirrorBoard& board;
  storage::Sink& sink;
  storage::Checkpointer& received;
  report::LatencyRows& rows;
  net::OpenStreams open_streams;

  // Ends the download for all workers.
  void end(std::exception_ptr error) {
    board.end(std::move(error));
    open_streams.abort_all();
  }
};

}  // namespace dlab::part4
