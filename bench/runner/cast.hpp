#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "bench/runner/command_lines.hpp"
#include "bench/runner/cpus.hpp"
#include "bench/runner/environment.hpp"
#include "bench/runner/mirrors.hpp"
#include "bench/runner/process.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_network.hpp"

namespace dlab::bench {

// The programs of one run, each started on its host: servers, bystanders and clients. None of them
// survives this object.
class Cast {
 public:
  // All but `cpus` must outlive this.
  Cast(const Environment& environment, const RunRequest& request, const RunPlace& place,
       const RunNetwork& network, CpuShares cpus);

  // Those that listen are ready when these return. All throw RunProblem, Interrupted,
  // std::system_error.
  void start_servers();
  void start_bystanders();
  void start_clients();
  // Lets what becomes of the mirrors happen; false when all clients had ended before.
  bool meet_fates();
  // Stops whatever runs still. Throws Interrupted.
  void stop();

  [[nodiscard]] std::span<Process> servers() { return servers_; }
  [[nodiscard]] std::span<Process> bystanders() { return bystanders_; }
  [[nodiscard]] std::span<Process> clients() { return clients_; }

 private:
  void start_servers(const RunPlace& place);
  void start(const Bystander& bystander);
  Process start(std::vector<std::string> arguments, const std::string& name) const;
  [[nodiscard]] std::filesystem::path own_folder(std::size_t mirror) const;

  const Environment& environment_;
  const RunRequest& request_;
  const Cell& cell_;
  const RunPlace& place_;
  const RunNetwork& network_;
  CpuShares cpus_;
  std::vector<MirrorFate> fates_;
  std::vector<Process> servers_;
  std::vector<Process> bystanders_;
  std::vector<Process> clients_;
};

}  // namespace dlab::bench
