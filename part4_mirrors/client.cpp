// part4_client: downloads one file from many servers at once.

#include "common/base/errors.hpp"
#include "common/cli/command_line.hpp"
#include "common/cli/program.hpp"
#include "common/cli/signal_watcher.hpp"
#include "common/cli/terminal.hpp"
#include "part4_mirrors/mirror_download.hpp"
#include "part4_mirrors/web_address.hpp"

namespace {

using namespace dlab;

void add_mirror_options(CLI::App& app, part4::MirrorOptions& mirror) {
  app.add_option(
         "SERVERS", mirror.servers,
         "a file with a server a line: HOST PORT, HOST:PORT or a URL of http or https, with "
         "user:password@ if need be (.netrc is not read)")
      ->required();
  app.add_option("CHUNKS", mirror.chunks, "ranges of one size that the file is cut into")
      ->check(cli::in_range(std::uint64_t{1}, std::uint64_t{1'000'000}))
      ->required();
  app.add_option("--threads", mirror.threads, "chunks under way at once, each on its own thread")
      ->check(cli::in_range(1U, 1000U))
      ->capture_default_str();
  cli::add_choice(
      app, "--writer",
      "positional: pwrite, no lock; locked: one file handle under a mutex (default positional)",
      mirror.writer, storage::kWriterNames);
  app.add_option("--cacert", mirror.cacert,
                 "certificates that https trusts, a PEM file (default: the system's)")
      ->check(CLI::ExistingFile);
}

void add_resumption(CLI::App& app, part4::MirrorOptions& mirror) {
  app.add_flag("--resume", mirror.resume, "go on from FILE.part and FILE.part.dlab");
}

// Which file is meant, where mirrors have different ones under its name.
void add_contents(CLI::App& app, part4::MirrorOptions& mirror) {
  auto* const digest = app.add_option_function<std::string>(
      "--digest",
      [&mirror](const std::string& text) {
        mirror.digest = storage::parse_sha256(text);
        if (!mirror.digest) {
          cli::refuse("--digest", text, "is no SHA-256: 64 hexadecimal digits");
        }
      },
      "SHA-256 of the file that is meant: mirrors with another one are left alone");
  app.add_option("--trust", mirror.trust, "the server whose file is meant, one of SERVERS")
      ->excludes(digest);
}

void add_rules(CLI::App& app, part4::Rules& rules) {
  cli::add_choice(app, "--select",
                  "whom to ask next: rotate; fastest: highest goodput; adaptive: who is done first "
                  "(default rotate)",
                  rules.select, part4::kSelectNames);
  app.add_flag("--steal", rules.steal,
               "idle threads take over the end of what others are late with");
  app.add_flag("--endgame", rules.race, "idle threads ask for the same bytes as the latest one");
  app.add_flag("--replace", rules.replace, "connections that have gone slow are given up");
}

// The name at the end of the first URL of a file; empty when there is none.
std::string name_in_urls(const std::vector<part4::MirrorAddress>& mirrors) {
  for (const auto& mirror : mirrors) {
    auto name = mirror.endpoint ? std::string() : part4::name_in_url(mirror.text);
    if (!name.empty()) {
      return name;
    }
  }
  return {};
}

// The file named on the command line or by a URL, or one picked from the first list that a server
// shows.
std::string choose_file(cli::ClientOptions options,
                        const std::vector<part4::MirrorAddress>& mirrors) {
  if (options.name.empty()) {
    options.name = name_in_urls(mirrors);
  }
  if (!options.name.empty()) {
    return options.name;
  }
  auto last = std::make_exception_ptr(base::UsageError("FILE is missing, and no URL names it"));
  for (const auto& mirror : mirrors) {
    if (!mirror.endpoint) {
      continue;  // it shows no list
    }
    options.server = *mirror.endpoint;
    try {
      return cli::choose_file(options);
    } catch (const base::UsageError&) {
      throw;
    } catch (const std::exception&) {
      last = std::current_exception();
    }
  }
  std::rethrow_exception(last);
}

void run(const cli::ClientOptions& options, const part4::MirrorOptions& mirror,
         report::TransferReport& report) {
  const auto mirrors = part4::load_servers(mirror.servers);
  report.server = mirror.servers;
  report.sink = options.sink == cli::SinkKind::file ? "file" : "discard";
  report.name = choose_file(options, mirrors);
  const cli::BlockedSignals blocked;  // after the question, which Ctrl-C may end as it likes
  part4::MirrorDownload download(options, mirror, mirrors, report);
  const cli::SignalWatcher watcher(blocked, [&download] { download.cancel(); });
  download.run();
  for (const auto& remark : report.remarks) {
    cli::say(report.program, remark);
  }
  if (options.verify() && !report.verified) {
    cli::say(report.program, report.name + ": not verified: no mirror told a digest");
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Part 4's client: one file in chunks from many servers.", "part4_client");
  app.footer(
      "Examples:\n"
      "  part4_client servers.txt 8 Data.jpg -o /tmp\n"
      "  part4_client servers.txt 8                     a URL's file, or show what there is and "
      "ask\n"
      "  part4_client servers.txt 8 big.bin --deadline 60s --resume\n"
      "  part4_client servers.txt 32 big.bin --threads 4 --select adaptive --steal --endgame");
  cli::ClientOptions options;
  part4::MirrorOptions mirror;
  add_mirror_options(app, mirror);
  cli::add_download_options(app, options);
  add_resumption(app, mirror);
  add_contents(app, mirror);
  add_rules(app, mirror.rules);
  if (const auto exit_code = cli::parse(app, argc, argv)) {
    return *exit_code;
  }
  report::TransferReport report;
  report.program = "part4_client";
  report.part = 4;
  report.client_model = "threads";
  return cli::report_on(options, report, [&] { run(options, mirror, report); });
}
