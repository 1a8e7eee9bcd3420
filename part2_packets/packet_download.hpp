#pragma once

#include <exception>
#include <memory>
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
#include "part2_packets/gathering_sink.hpp"
#include "part2_packets/reassembler.hpp"

namespace dlab::part2 {

struct PacketOptions {
  // With its 44 bytes of header a packet fits the 1448 bytes that a TCP segment carries on
  // Ethernet.
  std::uint32_t packet_bytes = 1400;
  std::uint32_t window_packets = 256;
  wire::PacketOrder order = wire::PacketOrder::sequential;
};

// Part 2's client: one file as packets over one connection.
class PacketDownload {
 public:
  // `options` and `report` must outlive the download.
  PacketDownload(const cli::ClientOptions& options, const PacketOptions& packets,
                 report::TransferReport& report);

  // Asks, receives, verifies, and gives the file its final name. Throws when any of it fails; the
  // final name then holds no partial file. What is no plain file has been written to by then.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { stop(std::make_exception_ptr(base::Interrupted())); }

 private:
  void stop(std::exception_ptr why) { early_end_.demand(std::move(why)); }
  void bring(const download::Attempt& attempt);
  [[nodiscard]] std::uint64_t section_bytes() const;
  wire::File ask(exchange::MessageChannel& channel, const wire::GetPackets& get);
  void receive_packets(exchange::MessageChannel& channel, const wire::GetPackets& get,
                       const wire::File& file, storage::Sink& sink);
  void note(const Piece& piece);
  void add_row(const Piece& piece, std::optional<double> done_s);
  void note_end();
  void verify(exchange::MessageChannel& channel, const wire::File& file,
              const download::Attempt& attempt);

  const cli::ClientOptions& options_;
  PacketOptions packets_;
  report::TransferReport& report_;
  report::ConnectionReport& connection_;  // the only one in report_
  report::LatencyRows rows_;
  report::Progress progress_{1};
  download::Output output_;
  net::OpenStreams open_;
  download::EarlyEnd early_end_;
  std::unique_ptr<download::Watch> deadline_;  // until all bytes are here
};

}  // namespace dlab::part2
