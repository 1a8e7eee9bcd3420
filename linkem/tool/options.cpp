#include "linkem/tool/options.hpp"

#include <algorithm>
#include <charconv>
#include <span>

#include <CLI/CLI.hpp>

#include "common/base/errors.hpp"
#include "common/cli/command_line.hpp"

namespace dlab::linkem::tool {
namespace {

constexpr const char* kDescription =
    "A network that can be bent: two hosts, each in a network namespace of its own, joined by a "
    "link with a rate, a delay, losses and a queue. The real kernel's TCP runs at both ends.\n\n"
    "  linkem [OPTIONS] [--server COMMAND] -- CLIENT [ARGUMENT ...]\n"
    "  linkem [OPTIONS] shell | certify [NAME] | join PID HOST | check";

constexpr const char* kFooter = R"(
Examples:
  linkem --link lossy --server 'part3_server --host 0.0.0.0 --root data' \
      -- part3_client {server}:{port} Data.jpg --connections 20
  linkem --rate 60Mbit --rtt 33ms --loss 0.25 --ready-port 5201 --server 'iperf3 -s -1' \
      -- iperf3 -c {server} -R
  linkem --link wan --pcap wan.pcap --server '...' -- ...    then: tshark -r wan.pcap
  linkem --link wan shell          a shell on the client; it says how to get one on the server
  linkem certify noisy             is the link what it claims to be?
  linkem --list                    the links by name
  linkem check                     can links be had here? If not: what to do about it

In the client's command {server} becomes the server's address and {port} the port of its line
"listening on ADDRESS:PORT". The link is the server's: its rate and queue hold in both directions,
half the round trip passes in each, losses strike what the server sends.

Exit status: the client's; 125 when linkem itself failed; certify: 0 certified, 1 not;
check: 0 links can be had, 1 not.)";

// What overrides the named link's settings, and which of them were given.
struct Overrides {
  std::string name;
  std::optional<base::BitRate> rate;
  std::optional<std::chrono::nanoseconds> rtt;
  std::optional<std::chrono::nanoseconds> jitter;
  std::optional<double> loss_pct;
  std::optional<double> burst;
  std::optional<std::size_t> queue;
  std::optional<std::uint32_t> gso_max_segs;
  std::string policy;
};

// "0.25" and "0.25%": percent. Throws CLI::ValidationError.
double parse_loss(std::string text) {
  if (text.ends_with('%')) {
    text.pop_back();
  }
  double percent = -1;
  const auto* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, percent);
  if (error != std::errc() || stopped != end || !(percent >= 0 && percent <= 100)) {
    cli::refuse("--loss", text, "must be percent, from 0 to 100: 0.1 or 0.1%");
  }
  return percent;
}

void add_link_options(CLI::App& app, Overrides& link) {
  app.add_option("--link", link.name, "a link of --list; the options below override its settings");
  cli::add_rate(app, "--rate", "of IP bytes, each direction: 100Mbit, 1Gbit, 10MB/s",
                [&](base::BitRate rate) { link.rate = rate; });
  cli::add_duration(app, "--rtt", "round-trip time: 40ms; half of it in each direction",
                    [&](std::chrono::nanoseconds rtt) { link.rtt = rtt; });
  app.add_option_function<std::string>(
      "--loss", [&](const std::string& text) { link.loss_pct = parse_loss(text); },
      "percent of the server's packets that the wire loses: 0.1");
  app.add_option("--loss-burst", link.burst, "mean length of a burst of losses, in packets")
      ->check(cli::in_range(1.0, 10000.0));
  app.add_option("--queue", link.queue, "packets that may wait, each direction")
      ->check(cli::in_range(1, 1'000'000));
  app.add_option("--queue-policy", link.policy, "what a full queue does")
      ->check(CLI::IsMember({"drop-tail", "single-drop", "codel"}));
  cli::add_duration(app, "--jitter", "added delay, from 0 to this, without reordering",
                    [&](std::chrono::nanoseconds jitter) { link.jitter = jitter; });
  app.add_option("--gso-max-segs", link.gso_max_segs,
                 "most segments that the server's TCP sends in one burst; 0: as the kernel likes")
      ->check(cli::in_range(0, 65535));
}

void add_run_options(CLI::App& app, Options& options) {
  app.add_option("--seed", options.seed, "decides which packets are lost")->capture_default_str();
  app.add_option("--server", options.server, "the server's command, for sh -c, on its host");
  app.add_option("--ready-port", options.ready_port,
                 "the server is ready when it listens there (without: when it says so)");
  cli::add_duration(app, "--ready-timeout", "how long the server may take to be ready (10s)",
                    [&](std::chrono::nanoseconds t) { options.ready_timeout = t; });
  cli::add_duration(app, "--timeout", "how long the client may take",
                    [&](std::chrono::nanoseconds t) { options.timeout = t; });
  app.add_option("--log", options.log, "CSV of what the links did in every 100 ms");
  app.add_option("--pcap", options.pcap, "the packets that were delivered, for tshark");
  app.add_flag("--quiet", options.quiet, "do not print what the link carried");
}

void add_actions(CLI::App& app, Options& options, Overrides& link) {
  app.add_flag_callback(
      "--list", [&] { options.action = Action::list; }, "print the links by name");
  app.add_subcommand("shell", "a shell on the client's host")->callback([&] {
    options.action = Action::shell;
  });
  auto* certify = app.add_subcommand("certify", "measure a link and compare it with its settings");
  certify->add_option("NAME", link.name, "a link of --list");
  certify->add_option("--json", options.json, "store the certificate in this file");
  certify->callback([&] { options.action = Action::certify; });
  app.add_subcommand("check", "what this machine allows, as KEY=VALUE lines")->callback([&] {
    options.action = Action::check;
  });
  auto* join = app.add_subcommand("join", "a further shell on a host of a running shell's star");
  join->add_option("PID", options.join_pid, "as `linkem shell` names it")->required();
  join->add_option("HOST", options.join_host, "server or client")->required();
  join->callback([&] { options.action = Action::join; });
  app.require_subcommand(0, 1);
}

NamedLink settle(const Overrides& given) {
  NamedLink link;
  link.name = "custom";
  if (!given.name.empty()) {
    const auto found = find_link(given.name);
    if (!found) {
      throw base::UsageError("there is no link " + given.name + "; linkem --list names them");
    }
    link = *found;
  }
  link.rate = given.rate.value_or(link.rate);
  link.rtt = given.rtt.value_or(link.rtt);
  link.jitter = given.jitter.value_or(link.jitter);
  link.loss.probability = given.loss_pct.value_or(100 * link.loss.probability) / 100;
  link.loss.burst_packets = given.burst.value_or(link.loss.burst_packets);
  link.queue_packets = given.queue.value_or(link.queue_packets);
  link.policy = parse_queue_policy(given.policy).value_or(link.policy);
  link.gso_max_segs = given.gso_max_segs.value_or(link.gso_max_segs);
  return link;
}

}  // namespace

std::optional<int> parse_options(int argc, char** argv, Options& options) {
  const std::span<char*> arguments(argv, static_cast<std::size_t>(argc));
  const auto separator = std::ranges::find(arguments, std::string_view("--"));
  if (separator != arguments.end()) {
    options.command.assign(separator + 1, arguments.end());
  }
  Overrides link;
  CLI::App app(kDescription, "linkem");
  app.footer(kFooter);
  add_link_options(app, link);
  add_run_options(app, options);
  add_actions(app, options, link);
  if (const auto code = cli::parse(app, static_cast<int>(separator - arguments.begin()), argv)) {
    return code;
  }
  options.link = settle(link);
  if (options.action == Action::run && options.command.empty()) {
    throw base::UsageError("which client? linkem [OPTIONS] --server COMMAND -- CLIENT ...");
  }
  return std::nullopt;
}

}  // namespace dlab::linkem::tool
