#include "bench/load/command_line.hpp"

#include <algorithm>
#include <map>

#include "common/base/errors.hpp"

namespace dlab::load {
namespace {

constexpr unsigned kMostConnections = 1'000'000;

void add_count(CLI::App& app, const std::string& option, const std::string& help, unsigned& value,
               unsigned least) {
  app.add_option(option, value, help)
      ->check(cli::in_range(least, kMostConnections))
      ->capture_default_str();
}

void add_what(CLI::App& app, LoadOptions& options) {
  cli::add_server(app, options.server);
  app.add_option_function<std::vector<std::string>>(
         "NAME",
         [&options](const std::vector<std::string>& texts) {
           for (const auto& text : texts) {
             const auto object = parse_object(text);
             if (!object) {
               cli::refuse("NAME", text, "is no name");
             }
             options.objects.push_back(*object);
           }
         },
         "what to ask for; several are drawn at random by their weights (default 1 each)")
      ->type_name("NAME[=WEIGHT]")
      ->required();
  cli::add_choice<Protocol>(app, "--protocol", "what to speak: dlab (default), http",
                            options.terms.protocol,
                            {{"dlab", Protocol::dlab}, {"http", Protocol::http}});
}

void add_connections(CLI::App& app, LoadOptions& options) {
  add_count(app, "--connections", "connections that ask", options.connections, 1);
  add_count(app, "--requests-per-connection", "then it is closed and opened anew; 0: never",
            options.terms.requests_per_connection, 0);
  add_count(app, "--pipeline", "requests under way on one connection", options.terms.pipeline, 1);
  add_count(app, "--idle", "connections beside them that are opened and say nothing", options.idle,
            0);
  add_count(app, "--slow", "connections beside them that read slowly", options.slow, 0);
  cli::add_rate(app, "--slow-rate", "how slowly each of those reads (default 10kB/s)",
                [&options](base::BitRate rate) { options.slow_rate = rate; });
}

void add_pace(CLI::App& app, LoadOptions& options) {
  cli::add_choice<LoopKind>(
      app, "--mode",
      "closed (default): ask again when the answer has come; open: ask when --rate says so",
      options.loop, {{"closed", LoopKind::closed}, {"open", LoopKind::open}});
  app.add_option("--rate", options.rate, "requests per second, of all connections (--mode open)")
      ->check(cli::in_range(0.001, 1e7));
  cli::add_choice<ArrivalKind>(
      app, "--arrivals", "poisson (default): independent of each other; constant: evenly spaced",
      options.arrivals, {{"poisson", ArrivalKind::poisson}, {"constant", ArrivalKind::constant}});
  cli::add_duration(app, "--warmup", "not measured, before the duration (default none)",
                    [&options](base::Duration time) { options.warmup = time; });
  auto* const duration =
      cli::add_duration(app, "--duration", "how long to measure (default 10s)",
                        [&options](base::Duration time) { options.duration = time; });
  app.add_option("--requests", options.requests, "end after so many requests instead")
      ->check(cli::in_range(std::uint64_t{1}, std::uint64_t{1} << 40U))
      ->excludes(duration);
}

}  // namespace

void add_load_options(CLI::App& app, LoadOptions& options) {
  add_what(app, options);
  add_connections(app, options);
  add_pace(app, options);
  cli::add_timeout(app, "--connect-timeout", "longest wait for a connection (default 10s)",
                   options.connect_timeout);
  cli::add_timeout(app, "--stall-timeout",
                   "longest wait for the next byte of an answer (default 30s)",
                   options.stall_timeout);
  app.add_option("--seed", options.seed, "seed of arrivals and names")->capture_default_str();
  app.add_option("--report", options.report, "write what was measured to this JSON file");
  app.add_option("--rows", options.rows, "write latencies to this CSV file");
  app.add_flag("--quiet", options.quiet, "no progress and no summary");
}

void check_together(const LoadOptions& options) {
  const bool open_loop = options.loop == LoopKind::open;
  if (open_loop && options.rate == 0) {
    throw base::UsageError("--mode open needs a --rate");
  }
  if (!open_loop && options.rate != 0) {
    throw base::UsageError("--rate needs --mode open: a closed loop has the server's own pace");
  }
  if (options.requests && options.warmup > base::Duration::zero()) {
    throw base::UsageError("--warmup needs a --duration");
  }
  if (!options.requests && options.duration < std::chrono::milliseconds(1)) {
    throw base::UsageError("--duration must be at least 1ms");
  }
}

}  // namespace dlab::load
