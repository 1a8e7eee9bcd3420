#include "bench/runner/command_lines.hpp"

#include <algorithm>
#include <cstdlib>
#include <set>
#include <thread>

#include "bench/runner/machine_info.hpp"
#include "bench/runner/process.hpp"

namespace dlab::bench {
namespace {

// A Python without a shim in front of it, which would count as the program's start-up.
std::string python() {
  if (const char* chosen = std::getenv("DLAB_PYTHON")) {
    return chosen;
  }
  return find_program("/usr/bin/python3").value_or("python3");
}

bool applies(const std::string& key, const Cell& cell, const Records& records) {
  const auto equals = key.find('=');
  if (equals == std::string::npos) {
    return cell.settings.contains(key);
  }
  const auto name = key.substr(0, equals);
  const auto value = key.substr(equals + 1);
  if (name == "record") {
    return (value == "log" && records.log) || (value == "samples" && records.samples) ||
           (value == "latency" && records.latency);
  }
  return setting(cell.settings, name) == value;
}

using OptionTable = std::map<std::string, std::vector<std::string>, std::less<>>;

std::vector<std::vector<std::string>> with_options(
    const std::vector<std::vector<std::string>>& commands, const OptionTable& options,
    const Cell& cell, const Placeholders& values, const Records& records) {
  std::vector<std::vector<std::string>> complete;
  for (const auto& command : commands) {
    auto arguments = expand(command, values);
    for (const auto& [key, added] : options) {
      if (applies(key, cell, records)) {
        std::ranges::move(expand(added, values), std::back_inserter(arguments));
      }
    }
    complete.push_back(std::move(arguments));
  }
  return complete;
}

}  // namespace

std::filesystem::path output_of(const RunPlace& place) {
  return place.work / "output" / place.file;
}
std::filesystem::path report_of(const RunPlace& place) {
  return place.work / "report.json";
}
std::filesystem::path rows_of(const RunPlace& place) {
  return place.work / "rows.csv";
}
std::filesystem::path samples_of(const RunPlace& place) {
  return place.work / "samples.csv";
}
std::filesystem::path bystander_rows_of(const RunPlace& place) {
  return place.work / "bystander_rows.csv";
}
std::filesystem::path servers_file_of(const RunPlace& place) {
  return place.work / "servers.txt";
}

int possible_connections(const Cell& cell) {
  const auto asked = static_cast<int>(number_setting(cell.settings, "connections", 1));
  return std::min(asked, cell.contestant->most_connections);
}

Placeholders placeholders_of(const Cell& cell, const RunPlace& place) {
  Placeholders values(cell.settings.begin(), cell.settings.end());
  const int connections = possible_connections(cell);
  const auto bytes = std::stoull(cell.settings.at("file_bytes"));
  const auto output = output_of(place);
  values["connections"] = std::to_string(connections);
  values["connections_high"] = std::to_string((connections + 1) / 2);
  values["connections_low"] = std::to_string(connections / 2);
  values["bytes"] = std::to_string(bytes);
  values["bytes_half"] = std::to_string(bytes / 2);
  values["server"] = place.server;
  for (std::size_t i = 0; i < place.ports.size(); ++i) {
    values[i == 0 ? "port" : "port" + std::to_string(i + 1)] = std::to_string(place.ports[i]);
  }
  values["root"] = place.root.string();
  values["file"] = place.file;
  values["output"] = output.string();
  values["output_folder"] = output.parent_path().string();
  values["output_name"] = output.filename().string();
  values["report"] = report_of(place).string();
  values["rows"] = rows_of(place).string();
  values["samples"] = samples_of(place).string();
  values["bystander_rows"] = bystander_rows_of(place).string();
  values["servers"] = servers_file_of(place).string();
  values["seed"] = std::to_string(place.seed);
  values["bin"] = place.bin.string();
  values["here"] = place.here.string();
  values["work"] = place.work.string();
  values["python"] = python();
  values["user"] = user_name();
  values.try_emplace("workers", std::to_string(std::max(1U, std::thread::hardware_concurrency())));
  return values;
}

std::vector<std::vector<std::string>> server_commands(const Cell& cell, const Placeholders& values,
                                                      const Records& records, bool set_congestion) {
  OptionTable options = cell.contestant->server_options;
  if (!set_congestion) {
    options.erase("congestion_requested");
  }
  return with_options(cell.contestant->servers, options, cell, values, records);
}

std::vector<std::vector<std::string>> client_commands(const Cell& cell, const Placeholders& values,
                                                      const Records& records) {
  return with_options(cell.contestant->clients, cell.contestant->client_options, cell, values,
                      records);
}

}  // namespace dlab::bench
