#include "bench/runner/cast.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "bench/runner/fates.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/proc_net.hpp"
#include "bench/runner/readiness.hpp"
#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

}  // namespace

Cast::Cast(const Environment& environment, const RunRequest& request, const RunPlace& place,
           const RunNetwork& network, CpuShares cpus)
    : environment_(environment),
      request_(request),
      cell_(*request.cell),
      place_(place),
      network_(network),
      cpus_(std::move(cpus)),
      fates_(mirrors_of(cell_.settings)) {}

Process Cast::start(std::vector<std::string> arguments, const std::string& name) const {
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
void Cast::start_servers() {
  std::string list;
  RunPlace place = place_;
  for (std::size_t number = 0; number < std::max<std::size_t>(1, fates_.size()); ++number) {
    network_.enter(RunNetwork::mirror(number));
    place.server = network_.server_address(number);
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
  network_.enter(RunNetwork::server);
  write_file(servers_file_of(place_), list);
}

// Of a mirror whose file will not be the others'.
fs::path Cast::own_folder(std::size_t mirror) const {
  return place_.work / ("mirror" + std::to_string(mirror));
}

void Cast::start_servers(const RunPlace& place) {
  const std::size_t first = servers_.size();
  const auto values = placeholders_of(cell_, place);
  for (auto& command :
       server_commands(cell_, values, request_.records, network_.servers_set_congestion())) {
    servers_.push_back(start(std::move(command), "server" + std::to_string(servers_.size())));
  }
  for (std::size_t i = first; i < servers_.size(); ++i) {
    await_ready(servers_[i], place.ports[i - first], base::Deadline::after(10s));
  }
}

void Cast::start_bystanders() {
  for (const auto& bystander : environment_.bystanders) {
    if (number_setting(cell_.settings, bystander.setting, 0) > 0) {
      start(bystander);
    }
  }
  if (number_setting(cell_.settings, "background_flows", 0) > 0) {
    network_.await_full_link();
  }
}

// They have a server of their own on the same host, behind the same link.
void Cast::start(const Bystander& bystander) {
  const std::string& name = bystander.contestant->name;
  const Cell cell{name, bystander.contestant, cell_.settings};
  RunPlace place = place_;
  place.ports = {free_port()};
  const auto values = placeholders_of(cell, place);
  const Records nothing;
  network_.enter(RunNetwork::server);
  for (auto& command : server_commands(cell, values, nothing, false)) {
    bystanders_.push_back(start(std::move(command), name + "_server"));
  }
  await_ready(bystanders_.back(), place.ports.front(), base::Deadline::after(10s));
  network_.enter(RunNetwork::bystander);
  for (auto& command : client_commands(cell, values, nothing)) {
    bystanders_.push_back(start(std::move(command), name + "_client"));
  }
}

void Cast::start_clients() {
  network_.enter(RunNetwork::client);
  for (auto& command : client_commands(cell_, placeholders_of(cell_, place_), request_.records)) {
    clients_.push_back(start(std::move(command), "client" + std::to_string(clients_.size())));
  }
}

// Moments count from the first packet on, as the client's own clock does: how long its process
// takes to start says nothing of mirrors.
bool Cast::meet_fates() {
  while (!fates_.empty() && !network_.clients_have_spoken()) {
    constexpr auto kLook = 1ms;
    if (wait_all(clients_, base::Deadline::after(kLook))) {
      break;
    }
  }
  return bench::meet_fates(fates_, servers_, clients_, [this](std::size_t mirror) {
    if (fates_[mirror].kind == MirrorFate::Kind::slowed) {
      network_.slow_down(mirror, fates_[mirror].rate);
    } else {
      replace_by_another(own_folder(mirror) / place_.file);
    }
  });
}

void Cast::stop() {
  stop_all(clients_);
  stop_all(servers_);
  stop_all(bystanders_);
}

}  // namespace dlab::bench
