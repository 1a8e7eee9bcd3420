// part4_server: one of several servers that offer the same file.

#include "common/cli/server_main.hpp"
#include "part4_mirrors/mirror_server.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 4's server, a mirror: one client at a time, one request a connection.",
               "part4_server");
  app.footer(
      "Examples:\n"
      "  part4_server 9004 --root data --log\n"
      "  part4_server 0 --root data                     any free port\n"
      "  part4_server 9004 --root data --limit-rate 25Mbit");
  cli::ServerOptions options;
  options.backlog = 20;
  cli::add_server_options(app, options, 9004);
  app.add_option("PORT", options.listen.port, "the same as --port")
      ->check(cli::in_range(0, 65535))
      ->excludes("--port");
  serve::HostOptions mirror;
  cli::add_io_option(app, mirror.io);
  cli::add_rates(app, "--limit-rate",
                 "cap on each connection, or caps in order of arrival, over and over",
                 [&](base::BitRate rate) { mirror.rate_limits.push_back(rate); });
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_server("part4_server", [&] { return part4::MirrorServer(options, mirror); });
}
