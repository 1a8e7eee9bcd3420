#include "bench/runner/transfer.hpp"

#include <algorithm>
#include <chrono>
#include <stdexcept>

#include "bench/runner/costs.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/harvest.hpp"
#include "bench/runner/interrupt.hpp"
#include "bench/runner/kernel_needs.hpp"
#include "bench/runner/limited_by.hpp"
#include "bench/runner/load_limits.hpp"
#include "bench/runner/memory.hpp"
#include "bench/runner/proc_net.hpp"
#include "bench/runner/run_problem.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

// A row's error is one line.
std::string one_line(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::ranges::replace(text, '\r', ' ');
  return text;
}

}  // namespace

Transfer::Transfer(const Environment& environment, const RunRequest& request)
    : environment_(environment), request_(request), cell_(*request.cell) {}

RunResult Transfer::run() {
  result_.row = describe_run(request_);
  try {
    require_programs();
    enter_network();
    cast_->start_servers();
    cast_->start_bystanders();
    run_clients();
    stop_all(cast_->servers());
    take_figures(request_, place_, cast_->servers(), cast_->clients(), result_);
    stop_all(cast_->bystanders());
    take_bystanders(place_, result_.row);
    check_bytes(cell_, place_, result_.row);
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
  auto cpus = share_cpus(static_cast<int>(number_setting(cell_.settings, "server_cpus", 0)),
                         static_cast<int>(number_setting(cell_.settings, "client_cpus", 0)));
  require_open_files(cell_.settings);
  require_io_uring(cell_.settings);
  network_.emplace(cell_, environment_.namespaces, request_.seed, result_.row);
  retransmitted_before_ = retransmitted_segments();
  prepare_place();
  cast_.emplace(environment_, request_, place_, *network_, std::move(cpus));
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
  fs::create_directories(output_of(place_).parent_path());
  const auto values = placeholders_of(cell_, place_);
  for (const auto& [from, to] : cell_.contestant->files) {
    write_file(place_.work / to, expand(read_file(place_.here / from), values));
  }
}

void Transfer::run_clients() {
  network_->clients_start();
  const auto started = base::Clock::now();
  const auto throttled_before = environment_.quota.throttled();
  cast_->start_clients();
  const bool met = cast_->meet_fates();
  if (!wait_for_clients()) {
    throw RunProblem("timeout",
                     "the client was not done within " + format_number(request_.timeout_s) + " s");
  }
  network_->enter(RunNetwork::server);
  for (const auto& client : cast_->clients()) {
    if (!client.result().succeeded()) {
      throw RunProblem("failed", why_failed(client, place_));
    }
  }
  if (!met) {
    throw RunProblem("void", "the client was done before a mirror met its fate");
  }
  require_unthrottled(started, throttled_before);
  network_->clients_ended(result_.row);
}

// A quota that stops the programs, ours and the emulator, for part of a run bends all that it says.
void Transfer::require_unthrottled(base::TimePoint started, base::Duration throttled_before) {
  if (!environment_.quota.cpus()) {
    return;
  }
  const double throttled_s = base::to_seconds(environment_.quota.throttled() - throttled_before);
  result_.row.set("throttled_s", throttled_s);
  if (const auto why =
          held_back_too_long(throttled_s, base::to_seconds(base::Clock::now() - started))) {
    throw RunProblem("void", *why);
  }
}

// Looks at what the servers hold again and again, and keeps the last value: idle connections take
// their time to open, and only at the end of a load are all of them there for sure.
bool Transfer::wait_for_clients() {
  const auto whole =
      std::chrono::duration_cast<base::Duration>(std::chrono::duration<double>(request_.timeout_s));
  const auto deadline = base::Deadline::after(whole);
  const double planned_s = number_setting(cell_.settings, "planned_seconds", 0);
  if (cell_.contestant->figures != Figures::load || planned_s == 0) {
    return wait_all(cast_->clients(), deadline);
  }
  const auto half =
      std::chrono::floor<base::Duration>(std::chrono::duration<double>(planned_s / 2));
  while (!wait_all(cast_->clients(), base::Deadline::after(std::min(half, deadline.left())))) {
    if (deadline.passed()) {
      return false;
    }
    if (const auto held = held_by(cast_->servers())) {
      result_.row.set("server_memory_kib", held->own_kib);
      result_.row.set("server_threads", held->threads);
    }
  }
  return true;
}

// Ends what still runs, and takes down what was spent; also after a failure.
void Transfer::settle() {
  if (cast_) {
    try {
      cast_->stop();
    } catch (const Interrupted&) {
      result_.interrupted = true;  // the processes' destructors do the rest
    } catch (const std::exception& error) {
      end_with("failed", error.what());
    }
    take_client_costs(cast_->clients(), result_.row);
    take_server_costs(cast_->servers(), result_.row);
    cast_.reset();
  }
  if (result_.sender_times && result_.row.get("status") == "ok") {
    result_.row.set("limited_by",
                    std::string(limited_by(evidence_of(result_.row, *result_.sender_times))));
  }
  take_retransmissions();
  network_.reset();
  fs::remove_all(environment_.work);
}

void Transfer::take_retransmissions() {
  if (network_) {
    network_->enter(RunNetwork::server);
  }
  const auto retransmitted = retransmitted_segments();
  if (retransmitted && retransmitted_before_) {
    result_.row.set("retransmitted_segments", *retransmitted - *retransmitted_before_);
  }
}

void Transfer::end_with(const std::string& status, const std::string& error) {
  result_.row.set("status", status);
  result_.row.set("error", one_line(error));
}

}  // namespace dlab::bench
