// part3_server: serves files to many clients at once.

#include <string>

#include "common/cli/server_main.hpp"
#include "part3_multi/multi_server.hpp"

namespace {

using namespace dlab;

void add_model_options(CLI::App& app, part3::MultiServerOptions& options) {
  cli::add_choice(app, "--model", "how connections are scheduled (default threads)", options.model,
                  serve::kModelNames);
  app.add_option("--workers", options.workers,
                 "threads of pool (default 16), processes of prefork (8), loops of epoll and "
                 "io_uring (1)")
      ->check(cli::in_range(1U, 1024U));
  app.add_option("--max-connections", options.host.max_connections,
                 "refuse those beyond it with an answer (default: no bound)")
      ->check(cli::in_range(std::size_t{1}, std::size_t{10'000'000}));
  cli::add_duration(app, "--grace",
                    "on SIGTERM let what was asked be answered for so long (default 0s)",
                    [&](std::chrono::nanoseconds grace) { options.host.grace = grace; });
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Part 3's server: many clients at once, in one of seven ways.", "part3_server");
  app.footer(
      "Examples:\n"
      "  part3_server --root data --port 9003 --log\n"
      "  part3_server --root data --limit-rate 10Mbit          cap each connection\n"
      "  part3_server --root data --limit-rate 10Mbit,10Mbit,1Mbit\n"
      "  part3_server --root data --model epoll --workers 2\n"
      "  part3_server --root data --model prefork --grace 5s");
  cli::ServerOptions options;
  cli::add_server_options(app, options, 9003);
  part3::MultiServerOptions multi;
  cli::add_io_option(app, multi.host.io);
  cli::add_rates(app, "--limit-rate",
                 "cap on each connection, or caps in order of arrival, over and over",
                 [&](base::BitRate rate) { multi.host.rate_limits.push_back(rate); });
  add_model_options(app, multi);
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_server("part3_server", [&] { return part3::MultiServer(options, multi); });
}
