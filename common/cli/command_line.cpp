#include "common/cli/command_line.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>
#include <vector>

#include "common/cli/exit_code.hpp"
#include "common/cli/program.hpp"
#include "common/wire/http_target.hpp"

namespace dlab::cli {
namespace {

using std::chrono::nanoseconds;

constexpr ByteRangeAllowed kBuffer{1, base::ByteCount{1} << 30U};
constexpr ByteRangeAllowed kWindow{base::ByteCount{1} << 10U, base::ByteCount{1} << 40U};
constexpr ByteRangeAllowed kSocketBuffer{1, base::ByteCount{1} << 30U};

void add_socket_options(CLI::App& app, net::SocketOptions& socket, bool is_server) {
  if (is_server) {
    add_bytes(app, "--send-buffer", "SO_SNDBUF of each connection (default: the kernel tunes it)",
              kSocketBuffer, [&socket](base::ByteCount bytes) { socket.send_buffer = bytes; });
    app.add_option("--congestion", socket.congestion,
                   "congestion control of each connection: reno, cubic, bbr, ...");
    add_rate(app, "--max-pacing-rate",
             "SO_MAX_PACING_RATE of each connection: packets leave one by one, not in bursts",
             [&socket](base::BitRate rate) { socket.max_pacing_rate = rate; });
  } else {
    add_bytes(app, "--receive-buffer",
              "SO_RCVBUF of each connection (default: the kernel tunes it)", kSocketBuffer,
              [&socket](base::ByteCount bytes) { socket.receive_buffer = bytes; });
  }
}

void add_patience(CLI::App& app, download::Options& options) {
  add_duration(
      app, "--deadline",
      "all bytes must be here after so long (default: no limit); verifying may take longer",
      [&options](nanoseconds time) { options.deadline = time; });
  add_rate(app, "--lowest-speed",
           "give up what is slower, on average over the stall timeout (default: no limit)",
           [&options](base::BitRate rate) { options.lowest_speed = rate; });
}

}  // namespace

void add_server_options(CLI::App& app, ServerOptions& options, std::uint16_t default_port) {
  options.listen.port = default_port;
  app.add_option("--root", options.root, "folder to serve")->capture_default_str();
  app.add_option("--host", options.listen.host, "address to listen on")->capture_default_str();
  app.add_option("--port", options.listen.port, "port to listen on; 0: any free one")
      ->check(in_range(0, 65535))
      ->capture_default_str();
  app.add_option("--backlog", options.backlog, "connections that may wait to be accepted")
      ->check(in_range(1, 65535))
      ->capture_default_str();
  add_timeout(app, "--request-timeout",
              "a request must be whole so long after its first byte (default 10s)",
              options.limits.request_timeout);
  add_timeout(app, "--stall-timeout",
              "longest wait without a byte moved in either direction (default 30s)",
              options.limits.stall_timeout);
  add_timeout(app, "--refusal-timeout",
              "a client that was refused may stay for so long (default 2s)",
              options.limits.refusal_timeout);
  add_bytes(app, "--buffer", "bytes per read and write (default 256KiB)", kBuffer,
            [&options](base::ByteCount bytes) { options.limits.buffer_bytes = bytes; });
  add_socket_options(app, options.socket, true);
  app.add_option("--samples", options.samples,
                 "write TCP_INFO of each connection to this CSV file");
  app.add_flag("--log", options.log, "write a line per request to stderr");
  add_duration(app, "--service-time", "sleep so long before each answer (queueing experiments)",
               [&options](nanoseconds time) { options.limits.service_time = time; });
  app.add_option("--service-every", options.limits.service_every,
                 "sleep only before every so-manieth answer of a connection")
      ->check(in_range(std::uint32_t{1}, std::uint32_t{1'000'000}))
      ->capture_default_str();
}

void add_io_option(CLI::App& app, net::IoPath& path) {
  const std::vector<std::pair<std::string, net::IoPath>> words{{"copy", net::IoPath::copy},
                                                               {"sendfile", net::IoPath::sendfile},
                                                               {"mmap", net::IoPath::mmap}};
  const auto chosen =
      std::ranges::find(words, path, &std::pair<std::string, net::IoPath>::second)->first;
  add_choice(app, "--io", "how bytes reach the socket (default " + chosen + ")", path, words);
}

void add_client_options(CLI::App& app, ClientOptions& options) {
  add_server(app, options.server);
  add_download_options(app, options);
}

void add_download_options(CLI::App& app, ClientOptions& options) {
  app.add_option("FILE", options.name, "file to download; left out: the server's list is shown");
  app.add_option("-o,--output", options.output,
                 "where to save: a file or a folder; -: standard output (default ./FILE)");
  add_choice<SinkKind>(app, "--sink", "file: save it; discard: receive and drop it (default file)",
                       options.sink, {{"file", SinkKind::file}, {"discard", SinkKind::discard}});
  app.add_flag_function(
      "--verify,!--no-verify", [&options](std::int64_t count) { options.verify_wish = count > 0; },
      "compare the content's digest with the server's (default for a file)");
  add_timeout(app, "--connect-timeout", "longest wait for a connection (default 10s)",
              options.connect_timeout);
  add_timeout(app, "--stall-timeout", "longest wait without a byte received (default 30s)",
              options.stall_timeout);
  add_patience(app, options);
  add_bytes(app, "--buffer", "bytes per receive and write (default: chosen for the job)", kBuffer,
            [&options](base::ByteCount bytes) { options.buffer = bytes; });
  add_bytes(app, "--window",
            "what is no plain file is written in order: ask at most so far ahead (default 64MiB)",
            kWindow, [&options](base::ByteCount bytes) { options.window = bytes; });
  add_socket_options(app, options.socket, false);
  app.add_option("--seed", options.seed, "seed of everything random")->capture_default_str();
  app.add_option("--report", options.report, "write what was measured to this JSON file");
  app.add_option("--rows", options.rows, "write latencies to this CSV file");
  app.add_flag("--quiet", options.quiet, "no progress and no summary");
}

std::optional<int> parse(CLI::App& app, int argc, char** argv) {
  try {
    app.parse(argc, argv);
    return std::nullopt;
  } catch (const CLI::Success& success) {  // --help, --version
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    const std::string why = wire::without_userinfo(error.what());  // a URL in the wrong place
    say(app.get_name(), why + " (--help tells more)");
    return kExitUsage;
  }
}

}  // namespace dlab::cli
