#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "bench/runner/settings.hpp"

namespace dlab::bench {

// A program of the distribution that a contestant stands on.
struct Need {
  std::string program;
  std::string package;
  std::vector<std::string> version;  // the command that tells its version
};

// A configuration file, made from a template beside the contestant's JSON file before each run.
struct ConfigFile {
  std::string from;  // in the contestants' folder
  std::string to;    // in the run's work folder
};

// Where a contestant's own measurements are found.
enum class Figures {
  none,    // nowhere: only wall_s counts
  report,  // our clients' --report (docs/metrics.md)
  curl,    // --write-out %{json} on stdout
  iperf3,  // --json on stdout, end.sum_received
  load,    // dlab_load's --report
  wrk,     // bench/contestants/wrk.lua.template, the last line on stdout
};

// A way to download: how to start its servers and clients. bench/contestants/NAME.json.
struct Contestant {
  std::string name;
  std::string title;
  std::optional<int> part;  // set: a program of ours
  std::map<std::string, std::string, std::less<>> columns;
  Settings defaults;
  std::vector<Need> needs;
  std::vector<ConfigFile> files;
  std::vector<std::vector<std::string>> servers;
  std::vector<std::vector<std::string>> clients;
  // "buffer_bytes" or "sink=file" -> arguments added where the setting is set (to that value).
  std::map<std::string, std::vector<std::string>, std::less<>> server_options;
  std::map<std::string, std::vector<std::string>, std::less<>> client_options;
  Figures figures = Figures::none;
  int least_connections = 1;
  int most_connections = 1;

  [[nodiscard]] bool ours() const { return part.has_value(); }
  // Whether any argument uses the placeholder {name}.
  [[nodiscard]] bool uses(std::string_view placeholder) const;
  // Why this contestant cannot be run with `key` = `value`; nothing when it can.
  [[nodiscard]] std::optional<std::string> refuses(std::string_view key,
                                                   std::string_view value) const;
};

using Contestants = std::map<std::string, Contestant, std::less<>>;

// A file may be "like" another one of its folder: then it has all of that one's keys, but for those
// that it has itself (RFC 7396). Throws DataError naming file and key.
Contestant load_contestant(const std::filesystem::path& path);
// All *.json of a folder, by file name without the suffix.
Contestants load_contestants(const std::filesystem::path& folder);

}  // namespace dlab::bench
