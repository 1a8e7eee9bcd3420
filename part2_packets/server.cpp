// part2_server: serves files as packets, to one client after another.

#include "common/cli/server_main.hpp"
#include "common/cli/values.hpp"
#include "part2_packets/packet_server.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 2's server: files as packets, one client after another.", "part2_server");
  app.footer(
      "Examples:\n"
      "  part2_server --root data --port 9002 --log\n"
      "  part2_server --root data --port 9002 --fault drop=5%,corrupt=1%,duplicate=1% --seed 7");
  cli::ServerOptions options;
  cli::add_server_options(app, options, 9002);
  part2::PacketServerOptions packets;
  app.add_option("--batch", packets.batch_packets, "packets per system call, within --buffer bytes")
      ->check(cli::in_range(1, 512))  // two pieces a packet: IOV_MAX
      ->capture_default_str();
  cli::add_choice<bool>(app, "--nagle",
                        "on: small segments wait for acknowledgements (default off)",
                        options.socket.nagle, {{"on", true}, {"off", false}});
  app.add_option_function<std::string>(
      "--fault",
      [&](const std::string& text) {
        const auto rates = part2::parse_fault_rates(text);
        if (!rates) {
          cli::refuse("--fault", text, "is no list like drop=0.1,corrupt=1%,duplicate=0.05");
        }
        packets.faults = *rates;
      },
      "trouble for packets: drop=P,corrupt=P,duplicate=P, each from 0 to 1");
  app.add_option("--seed", packets.seed, "seed of the faults")->capture_default_str();
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_server("part2_server", [&] { return part2::PacketServer(options, packets); });
}
