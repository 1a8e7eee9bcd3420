#pragma once

#include <optional>

#include "common/cli/options.hpp"
#include "common/exchange/requests.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/report/progress.hpp"
#include "common/report/transfer_report.hpp"
#include "common/storage/part_file.hpp"
#include "part1_single/block_processor.hpp"

namespace dlab::part1 {

struct SingleOptions {
  bool pipeline = false;
  std::optional<base::BitRate> work;
};

// Part 1's client: one file over one connection.
class SingleDownload {
 public:
  // `options` and `report` must outlive the download.
  SingleDownload(const cli::ClientOptions& options, const SingleOptions& single,
                 report::TransferReport& report);

  // Asks, receives, verifies, and gives the file its final name. Throws when any of it fails; the
  // final name then holds no partial file.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { open_.abort_all(); }

 private:
  void download(storage::Sink& sink);
  wire::File ask(exchange::MessageChannel& channel);
  std::optional<storage::Sha256Value> receive_body(exchange::MessageChannel& channel,
                                                   const wire::File& file, storage::Sink& sink);
  std::size_t receive_some(exchange::MessageChannel& channel, std::span<std::byte> buffer,
                           std::uint64_t missing);
  void note_times(const wire::File& file, double sent_s);
  void verify(exchange::MessageChannel& channel, const wire::File& file,
              const storage::Sha256Value& digest);

  const cli::ClientOptions& options_;
  SingleOptions single_;
  report::TransferReport& report_;
  report::ConnectionReport& connection_;  // the only one in report_
  report::LatencyRows rows_;
  report::Progress progress_{1};
  net::OpenStreams open_;
};

}  // namespace dlab::part1
