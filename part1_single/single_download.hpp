#pragma once

#include <exception>
#include <memory>
#include <optional>
#include <utility>

#include "common/base/errors.hpp"
#include "common/cli/options.hpp"
#include "common/download/early_end.hpp"
#include "common/download/output.hpp"
#include "common/download/time_limits.hpp"
#include "common/exchange/requests.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/report/progress.hpp"
#include "common/report/transfer_report.hpp"
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
  // final name then holds no partial file. What is no plain file has been written to by then.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { stop(std::make_exception_ptr(base::Interrupted())); }

 private:
  void stop(std::exception_ptr why) { early_end_.demand(std::move(why)); }
  void bring(storage::Sink& sink);
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
  download::Output output_;
  net::OpenStreams open_;
  download::EarlyEnd early_end_;
  std::unique_ptr<download::Watch> deadline_;  // until all bytes are here
};

}  // namespace dlab::part1
