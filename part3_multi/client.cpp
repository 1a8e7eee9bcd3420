// part3_client: downloads one file over many connections at once.

#include "common/cli/client_main.hpp"
#include "part3_multi/multi_download.hpp"

namespace {

using namespace dlab;

void add_multi_options(CLI::App& app, part3::MultiOptions& multi) {
  app.add_option("--connections", multi.connections, "connections at once")
      ->check(cli::in_range(1, 1000))
      ->capture_default_str();
  cli::add_choice(app, "--schedule",
                  "static: an equal range each; dynamic: a queue of chunks (default dynamic)",
                  multi.schedule, part3::kScheduleNames);
  cli::add_choice(
      app, "--writer",
      "positional: pwrite, no lock; locked: one file handle under a mutex (default positional)",
      multi.writer, storage::kWriterNames);
  cli::add_choice(
      app, "--client-model",
      "threads: one each; epoll: one loop for all; processes: one each (default threads)",
      multi.client_model, part3::kClientModelNames);
  cli::add_bytes(app, "--chunk-size", "bytes of a chunk, dynamic (default: a quarter of a share)",
                 {1024, base::ByteCount{1} << 40U},
                 [&multi](base::ByteCount bytes) { multi.chunk_bytes = bytes; });
  cli::add_seconds(app, "--seconds",
                   "timed run: ask for ranges in a circle so long (with --sink discard)",
                   [&multi](std::chrono::nanoseconds time) { multi.seconds = time; });
  app.add_flag("--resume", multi.resume, "go on from FILE.part and FILE.part.dlab");
  app.add_option("--retries", multi.retries,
                 "failures in a row without a byte on any connection before giving up")
      ->check(cli::in_range(0, 100))
      ->capture_default_str();
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Part 3's client: one file over many connections at once.", "part3_client");
  app.footer(
      "Examples:\n"
      "  part3_client 127.0.0.1:9003 Data.jpg --connections 10\n"
      "  part3_client 127.0.0.1:9003 Data.jpg --schedule static --writer locked\n"
      "  part3_client 127.0.0.1:9003 Data.jpg --client-model epoll\n"
      "  part3_client 127.0.0.1:9003 big.bin --resume            after an interruption\n"
      "  part3_client 127.0.0.1:9003 big.bin --seconds 10 --sink discard");
  cli::ClientOptions options;
  cli::add_client_options(app, options);
  part3::MultiOptions multi;
  add_multi_options(app, multi);
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  report::TransferReport report;
  report.program = "part3_client";
  report.part = 3;
  report.client_model = part3::name_of(multi.client_model);
  return cli::run_client<part3::MultiDownload>(options, multi, report);
}
