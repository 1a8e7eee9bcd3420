// dlab_requests: small requests at a steady pace, to see what a full link does to everybody else.

#include <string>

#include "bench/requests/small_requests.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/program.hpp"
#include "common/cli/values.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Small requests at a steady pace, until it is told to end.", "dlab_requests");
  app.footer(
      "Examples:\n"
      "  dlab_requests 127.0.0.1:9003 Data.jpg --rows latency.csv & ... ; kill %1\n"
      "  dlab_requests 127.0.0.1:9003 Data.jpg --every 10ms --bytes 100 --rows latency.csv");
  cli::ClientOptions options;
  cli::add_client_options(app, options);
  requests::Pace pace;
  cli::add_duration(app, "--every", "time from one request to the next (default 50ms)",
                    [&](std::chrono::nanoseconds every) { pace.every = every; });
  cli::add_bytes(app, "--bytes", "how much of the file each asks for (default 1000)",
                 {1, base::ByteCount{1} << 30U},
                 [&](base::ByteCount bytes) { pace.bytes = bytes; });
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  return cli::run_program("dlab_requests", [&] { requests::ask_until_told(options, pace); });
}
