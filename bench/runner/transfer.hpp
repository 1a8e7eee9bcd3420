#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "bench/runner/cells.hpp"
#include "bench/runner/command_lines.hpp"
#include "bench/runner/cpus.hpp"
#include "bench/runner/mirrors.hpp"
#include "bench/runner/process.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_network.hpp"
#include "bench/runner/run_row.hpp"
#include "bench/runner/served_files.hpp"
#include "bench/runner/side_tables.hpp"

namespace dlab::bench {

// Others who use the server's link during a run: in cells that have this setting.
struct Bystander {
  std::string setting;
  const Contestant* contestant = nullptr;
};

// Where all runs of a session take place.
struct Environment {
  std::filesystem::path bin;          // our programs
  std::filesystem::path contestants;  // folder of the JSON files
  std::filesystem::path work;         // emptied before and after each run
  ServedFiles files;
  linkem::NamespaceKind kind = linkem::NamespaceKind::host;
  std::vector<Bystander> bystanders;
};

// What a run leaves behind.
struct RunResult {
  RunRow row;
  std::string latency_lines;  // of latency.csv
  std::string samples_lines;  // of samples.csv
  bool interrupted = false;   // by a signal to the runner; the row says `void`
};

// One transfer: a fresh network namespace, fresh servers, the clients, and everything about it that
// goes into the tables. Whatever goes wrong becomes the row's status and error.
class Transfer {
 public:
  Transfer(const Environment& environment, const RunRequest& request);

  RunResult run();

 private:
  void require_programs() const;
  void enter_network();
  void prepare_place();
  void start_servers();
  void start_servers(const RunPlace& place);
  [[nodiscard]] std::filesystem::path own_folder(std::size_t mirror) const;
  void start_bystanders();
  void start(const Bystander& bystander);
  void run_clients();
  bool wait_for_clients();
  void take_figures();
  void take_bystanders();
  void take_report();
  void take_load();
  void check_bytes();
  void settle();
  void end_with(const std::string& status, const std::string& error);
  Process start(std::vector<std::string> arguments, const std::string& name);
  std::string why_client_failed(const Process& client) const;

  const Environment& environment_;
  const RunRequest& request_;
  const Cell& cell_;
  RunPlace place_;
  Placeholders values_;
  CpuShares cpus_;
  std::vector<MirrorFate> fates_;
  std::vector<Process> servers_;
  std::vector<Process> clients_;
  std::optional<SenderTimes> sender_times_;
  std::optional<RunNetwork> network_;
  std::vector<Process> bystanders_;
  std::optional<std::int64_t> retransmitted_before_;
  RunResult result_;
};

}  // namespace dlab::bench
