#include "bench/runner/transfer.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/runner/costs.hpp"
#include "bench/runner/fates.hpp"
#include "bench/runner/figures.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/interrupt.hpp"
#include "bench/runner/limited_by.hpp"
#include "bench/runner/load_limits.hpp"
#include "bench/runner/memory.hpp"
#include "bench/runner/proc_net.hpp"
#include "bench/runner/readiness.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_network.hpp"
#include "bench/runner/run_problem.hpp"
#include "bench/runner/side_tables.hpp"
#include "common/base/quantile.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

constexpr std::size_t kLatencyRowsPerRun = 2000;

// A row's error is one line.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\r', ' ');
  return text;
}

}  // namespace

Transfer::Transfer(const Environment& environment, const RunRequest& request)
    : environment_(environment),
      request_(request),
      cell_(*request.cell),
      fates_(mirrors_of(cell_.settings)) {}

RunResult Transfer::run() {
  result_.row = describe_run(request_);
  try {
    require_programs();
    enter_network();
    prepare_place();
    start_servers();
    start_bystanders();
    run_clients();
    stop_all(servers_);
    take_figures();
    take_bystanders();
    check_bytes();
    result_.row.set("status", "ok");
  } catch (const RunProblem& problem) {
    end_with(problem.status(), problem.what());
  } catch (const Interrupted& interrupted) {
    result_.interrupted = true;
    end_with("void", interrupted.what());
  } catch (const std::exception& error) {
    end_with("failed", error.what());
  }
  settle();
  return std::move(result_);
}

void Transfer::require_programs() const {
  for (const auto& need : cell_.contestant->needs) {
    if (!find_program(need.program)) {
      throw RunProblem("unavailable",
                       need.program + " is not installed: apt-get install " + need.package);
    }
  }
}

void Transfer::enter_network() {
  cpus_ = share_cpus(static_cast<int>(number_setting(cell_.settings, "server_cpus", 0)),
                     static_cast<int>(number_setting(cell_.settings, "client_cpus", 0)));
  require_open_files(cell_.settings);
  network_.emplace(cell_, environment_.kind, request_.seed, result_.row);
  retransmitted_before_ = retransmitted_segments();
}

void Transfer::prepare_place() {
  fs::remove_all(environment_.work);
  const auto bytes = static_cast<std::uint64_t>(std::stoull(cell_.settings.at("file_bytes")));
  place_ = {environment_.bin,
            environment_.contestants,
            environment_.files.folder(),
            environment_.work,
            environment_.files.name_for(bytes),
            network_->server_address(),
            {},
            request_.seed};
  for (std::size_t i = 0; i < cell_.contestant->servers.size(); ++i) {
    place_.ports.push_back(free_port());
  }
  values_ = placeholders_of(cell_, place_);
  fs::create_directories(output_of(place_).parent_path());
  for (const auto& [from, to] : cell_.contestant->files) {
    write_file(place_.work / to, expand(read_file(place_.here / from), values_));
  }
}

Process Transfer::start(std::vector<std::string> arguments, const std::string& name) {
  const auto program = find_program(arguments.front());
  if (!program) {
    throw RunProblem("failed", "there is no program " + arguments.front());
  }
  arguments.front() = *program;
  const auto cpus = name.starts_with("client")   ? cpus_.client
                    : name.starts_with("server") ? cpus_.server
                                                 : std::vector<int>();
  return Process(environment_.bin / "dlab_launch",
                 {std::move(arguments), place_.work, place_.work / (name + ".out"),
                  place_.work / (name + ".err"), cpus});
}

// Mirrors are the same servers again, each on its own host.
void Transfer::start_servers() {
  std::string list;
  RunPlace place = place_;
  for (std::size_t number = 0; number < std::max<std::size_t>(1, fates_.size()); ++number) {
    network_->enter(RunNetwork::mirror(number));
    place.server = network_->server_address(number);
    place.root = place_.root;
    if (number < fates_.size() && fates_[number].kind == MirrorFate::Kind::lying) {
      place.root = own_folder(number);
      copy_to_own_folder(place_.root / place_.file, place.root);
    }
    if (number > 0) {
      std::ranges::generate(place.ports, [] { return free_port(); });
    }
    start_servers(place);
    for (const auto port : place.ports) {
      list += place.server + " " + std::to_string(port) + "\n";
    }
  }
  network_->enter(RunNetwork::server);
  write_file(servers_file_of(place_), list);
}

// Of a mirror whose file will not be the others'.
fs::path Transfer::own_folder(std::size_t mirror) const {
  return place_.work / ("mirror" + std::to_string(mirror));
}

void Transfer::start_servers(const RunPlace& place) {
  const bool set_congestion = environment_.kind == linkem::NamespaceKind::host;
  const std::size_t first = servers_.size();
  const auto values = placeholders_of(cell_, place);
  for (auto& command : server_commands(cell_, values, request_.records, set_congestion)) {
    servers_.push_back(start(std::move(command), "server" + std::to_string(servers_.size())));
  }
  for (std::size_t i = first; i < servers_.size(); ++i) {
    await_ready(servers_[i], place.ports[i - first], base::Deadline::after(10s));
  }
}

void Transfer::start_bystanders() {
  for (const auto& bystander : environment_.bystanders) {
    if (number_setting(cell_.settings, bystander.setting, 0) > 0) {
      start(bystander);
    }
  }
  if (number_setting(cell_.settings, "background_flows", 0) > 0) {
    network_->await_full_link();
  }
}

// They have a server of their own on the same host, behind the same link.
void Transfer::start(const Bystander& bystander) {
  const std::string& name = bystander.contestant->name;
  const Cell cell{name, bystander.contestant, cell_.settings, 0};
  RunPlace place = place_;
  place.ports = {free_port()};
  const auto values = placeholders_of(cell, place);
  const Records nothing;
  network_->enter(RunNetwork::server);
  for (auto& command : server_commands(cell, values, nothing, false)) {
    bystanders_.push_back(start(std::move(command), name + "_server"));
  }
  await_ready(bystanders_.back(), place.ports.front(), base::Deadline::after(10s));
  network_->enter(RunNetwork::bystander);
  for (auto& command : client_commands(cell, values, nothing)) {
    bystanders_.push_back(start(std::move(command), name + "_client"));
  }
}

void Transfer::run_clients() {
  network_->enter(RunNetwork::client);
  network_->clients_start();
  for (auto& command : client_commands(cell_, values_, request_.records)) {
    clients_.push_back(start(std::move(command), "client" + std::to_string(clients_.size())));
  }
  const bool met = meet_fates(fates_, servers_, clients_, [this](std::size_t mirror) {
    replace_by_another(own_folder(mirror) / place_.file);
  });
  if (!wait_for_clients()) {
    throw RunProblem("timeout",
                     "the client was not done within " + format_number(request_.timeout_s) + " s");
  }
  network_->enter(RunNetwork::server);
  for (const auto& client : clients_) {
    if (!client.result().succeeded()) {
      throw RunProblem("failed", why_client_failed(client));
    }
  }
  if (!met) {
    throw RunProblem("void", "the client was done before a mirror met its fate");
  }
  network_->clients_ended(result_.row);
}

// Looks at what the servers hold again and again, and keeps the last value: idle connections take
// their time to open, and only at the end of a load are all of them there for sure.
bool Transfer::wait_for_clients() {
  const auto whole =
      std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(request_.timeout_s));
  const auto deadline = base::Deadline::after(whole);
  const double planned_s = number_setting(cell_.settings, "planned_seconds", 0);
  if (cell_.contestant->figures != Figures::load || planned_s == 0) {
    return wait_all(clients_, deadline);
  }
  const auto half =
      std::chrono::floor<base::Duration>(std::chrono::duration<double>(planned_s / 2));
  while (!wait_all(clients_, base::Deadline::after(std::min(half, deadline.left())))) {
    if (deadline.passed()) {
      return false;
    }
    if (const auto held = held_by(servers_)) {
      result_.row.set("server_memory_kib", held->own_kib);
      result_.row.set("server_threads", held->threads);
    }
  }
  return true;
}

// The client's own words, and how it ended.
std::string Transfer::why_client_failed(const Process& client) const {
  std::string words = last_line(read_file_if_any(client.spec().errors).value_or(""));
  for (const auto& path : {client.spec().output, report_of(place_)}) {
    if (words.empty()) {
      words = stated_error(read_file_if_any(path).value_or(""));
    }
  }
  return "client: " + client.result().how() + (words.empty() ? "" : ": " + words);
}

void Transfer::take_figures() {
  std::vector<std::string> outputs;
  for (const auto& client : clients_) {
    outputs.push_back(read_file(client.spec().output));
  }
  switch (cell_.contestant->figures) {
    case Figures::report:
      return take_report();
    case Figures::load:
      return take_load();
    case Figures::curl:
      return take_curl(outputs.front(), result_.row);
    case Figures::iperf3:
      return take_iperf3(outputs, result_.row);
    case Figures::none:
      return;
  }
}

// Our clients' report, and what stands beside it.
void Transfer::take_report() {
  const auto report = nlohmann::json::parse(read_file(report_of(place_)));
  bench::take_report(report, result_.row);
  if (request_.records.latency) {
    result_.latency_lines = latency_lines(request_.run_id, read_file(rows_of(place_)),
                                          kLatencyRowsPerRun, request_.seed);
  }
  if (request_.records.samples) {
    auto samples = merge_samples(request_.run_id, read_file(samples_of(place_)), report);
    result_.samples_lines = std::move(samples.lines);
    result_.row.set("loss_events", samples.loss_events);
    sender_times_ = samples.times;
  }
  if (request_.records.log) {
    if (const auto seconds = server_send_seconds(read_file(servers_.front().spec().errors))) {
      result_.row.set("server_send_s", *seconds);
    }
  }
}

// The load generator's report.
void Transfer::take_load() {
  const auto report = nlohmann::json::parse(read_file(report_of(place_)));
  bench::take_load(report, result_.row);
  if (request_.records.latency) {
    result_.latency_lines = latency_lines(request_.run_id, read_file(rows_of(place_)),
                                          kLatencyRowsPerRun, request_.seed);
  }
  require_punctual(result_.row);
}

// How long their small requests took, from when each was due.
void Transfer::take_bystanders() {
  stop_all(bystanders_);
  const auto rows = read_file_if_any(bystander_rows_of(place_));
  if (!rows) {
    return;
  }
  const auto times = response_times_ms(*rows);
  if (times.empty()) {
    throw RunProblem("failed", "the bystander's requests brought no answer");
  }
  result_.row.set("bystander_p50_ms", base::quantile(times, 0.5));
  result_.row.set("bystander_p95_ms", base::quantile(times, 0.95));
  result_.row.set("bystander_p99_ms", base::quantile(times, 0.99));
}

// Every output is compared with its source here, whatever the client says about it.
void Transfer::check_bytes() {
  RunRow& row = result_.row;
  if (row.get("sink") == "file") {
    const auto why = difference(place_.root / place_.file, output_of(place_));
    if (!why.empty()) {
      throw RunProblem("failed", why);
    }
    row.set("verified", "yes");
    row.set("bytes_received", row.get("file_bytes"));
  } else if (row.get("planned_seconds").empty() &&
             cell_.contestant->figures != Figures::load &&    // counts its failures itself
             cell_.contestant->figures != Figures::iperf3 &&  // stops between two reads
             !(row.number("bytes_received") >= row.number("file_bytes"))) {
    throw RunProblem("failed", "only " + row.get("bytes_received") + " bytes arrived");
  }
  if (possible_connections(cell_) < number_setting(cell_.settings, "connections", 1)) {
    row.set("error", "ran with " + std::to_string(possible_connections(cell_)) +
                         " connections: it allows no more");
  }
}

// Ends what still runs, and takes down what was spent; also after a failure.
void Transfer::settle() {
  try {
    stop_all(clients_);
    stop_all(servers_);
    stop_all(bystanders_);
  } catch (const Interrupted&) {
    result_.interrupted = true;  // the processes' destructors do the rest
  } catch (const std::exception& error) {
    end_with("failed", error.what());
  }
  take_client_costs(clients_, result_.row);
  take_server_costs(servers_, result_.row);
  if (sender_times_ && result_.row.get("status") == "ok") {
    result_.row.set("limited_by",
                    std::string(limited_by(evidence_of(result_.row, *sender_times_))));
  }
  clients_.clear();
  servers_.clear();
  bystanders_.clear();
  if (network_) {
    network_->enter(RunNetwork::server);
  }
  const auto retransmitted = retransmitted_segments();
  if (retransmitted && retransmitted_before_) {
    result_.row.set("retransmitted_segments", *retransmitted - *retransmitted_before_);
  }
  network_.reset();
  fs::remove_all(environment_.work);
}

void Transfer::end_with(const std::string& status, const std::string& error) {
  result_.row.set("status", status);
  result_.row.set("error", one_line(error));
}

}  // namespace dlab::bench
