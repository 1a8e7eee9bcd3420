// part3_server: serves files to many clients at once.

#include <utility>

#include "common/cli/server_main.hpp"
#include "part3_multi/multi_server.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 3's server: a thread for each connection.", "part3_server");
  app.footer(
      "Examples:\n"
      "  part3_server --root data --port 9003 --log\n"
      "  part3_server --root data --limit-rate 10Mbit          cap each connection\n"
      "  part3_server --root data --limit-rate 10Mbit,10Mbit,1Mbit");
  cli::ServerOptions options;
  cli::add_server_options(app, options, 9003);
  auto io = net::IoPath::sendfile;
  cli::add_io_option(app, io);
  std::vector<base::BitRate> rate_limits;
  cli::add_rates(app, "--limit-rate",
                 "cap on each connection, or caps in order of arrival, over and over",
                 [&](base::BitRate rate) { rate_limits.push_back(rate); });
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_server("part3_server",
                         [&] { return part3::MultiServer(options, io, rate_limits); });
}
