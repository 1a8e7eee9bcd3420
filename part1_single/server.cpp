// part1_server: serves files to one client after another.

#include "common/cli/server_main.hpp"
#include "part1_single/file_server.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 1's server: one thread, one client after another.", "part1_server");
  app.footer("Example:\n  part1_server --root data --port 9001 --io sendfile --log");
  cli::ServerOptions options;
  cli::add_server_options(app, options, 9001);
  auto io = net::IoPath::copy;
  cli::add_io_option(app, io);
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_server("part1_server", [&] { return part1::FileServer(options, io); });
}
