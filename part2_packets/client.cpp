// part2_client: downloads one file as packets over one connection.

#include "common/cli/client_main.hpp"
#include "part2_packets/packet_download.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 2's client: one file as packets over one connection.", "part2_client");
  app.footer(
      "Examples:\n"
      "  part2_client 127.0.0.1:9002 Data.jpg            save it as ./Data.jpg\n"
      "  part2_client 127.0.0.1:9002 Data.jpg --packet-size 64KiB\n"
      "  part2_client 127.0.0.1:9002 Data.jpg --order shuffled --rows packets.csv");
  cli::ClientOptions options;
  cli::add_client_options(app, options);
  part2::PacketOptions packets;
  cli::add_bytes(app, "--packet-size", "bytes of the file in a packet (default 1400)",
                 {1, wire::kMaxPacketBytes}, [&](base::ByteCount bytes) {
                   packets.packet_bytes = static_cast<std::uint32_t>(bytes);
                 });
  cli::add_choice<wire::PacketOrder>(
      app, "--order", "how the server is to order the packets of a window (default sequential)",
      packets.order,
      {{"sequential", wire::PacketOrder::sequential},
       {"reversed", wire::PacketOrder::reversed},
       {"shuffled", wire::PacketOrder::shuffled}});
  app.add_option("--order-window", packets.window_packets, "packets in a window")
      ->check(cli::in_range(std::uint32_t{1}, wire::kMaxWindowPackets))
      ->capture_default_str();
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  report::TransferReport report;
  report.program = "part2_client";
  report.part = 2;
  report.client_model = "single";
  return cli::run_client<part2::PacketDownload>(options, packets, report);
}
