// part1_client: downloads one file over one connection.

#include "common/cli/client_main.hpp"
#include "part1_single/single_download.hpp"

int main(int argc, char** argv) {
  using namespace dlab;
  CLI::App app("Part 1's client: one file over one connection.", "part1_client");
  app.footer(
      "Examples:\n"
      "  part1_client 127.0.0.1:9001 Data.jpg            save it as ./Data.jpg\n"
      "  part1_client 127.0.0.1:9001                     show what there is, and ask\n"
      "  part1_client 127.0.0.1:9001 Data.jpg --pipeline --work 50MB/s");
  cli::ClientOptions options;
  cli::add_client_options(app, options);
  part1::SingleOptions single;
  app.add_flag("--pipeline", single.pipeline,
               "receive with one thread, write and hash with a second one");
  cli::add_rate(app, "--work", "make processing take CPU time: bytes per second of one CPU",
                [&](base::BitRate rate) { single.work = rate; });
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  report::TransferReport report;
  report.program = "part1_client";
  report.part = 1;
  report.client_model = single.pipeline ? "pipeline" : "single";
  return cli::run_client<part1::SingleDownload>(options, single, report);
}
