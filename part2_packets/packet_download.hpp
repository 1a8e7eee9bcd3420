#pragma once

#include "common/cli/options.hpp"
#include "common/exchange/requests.hpp"
#include "common/net/open_streams.hpp"
#include "common/report/latency_rows.hpp"
#include "common/report/progress.hpp"
#include "common/report/transfer_report.hpp"
#include "common/storage/part_file.hpp"
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
  // final name then holds no partial file.
  void run();
  // Makes run() throw base::Interrupted soon; from any thread.
  void cancel() { open_.abort_all(); }

 private:
  void download(storage::Sink& sink, const storage::PartFile* part);
  wire::File ask(exchange::MessageChannel& channel, const wire::GetPackets& get);
  void receive_packets(exchange::MessageChannel& channel, const wire::GetPackets& get,
                       const wire::File& file, storage::Sink& sink);
  void note(const Piece& piece);
  void add_row(const Piece& piece, std::optional<double> done_s);
  void note_end();
  void verify(exchange::MessageChannel& channel, const wire::File& file,
              const storage::PartFile& part);

  const cli::ClientOptions& options_;
  PacketOptions packets_;
  report::TransferReport& report_;
  report::ConnectionReport& connection_;  // the only one in report_
  report::LatencyRows rows_;
  report::Progress progress_{1};
  net::OpenStreams open_;
};

}  // namespace dlab::part2
