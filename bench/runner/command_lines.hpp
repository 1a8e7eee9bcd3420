#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "bench/runner/cells.hpp"
#include "bench/runner/placeholders.hpp"

namespace dlab::bench {

// Everything about a run that the command lines of its programs may want to know.
struct RunPlace {
  std::filesystem::path bin;   // our programs
  std::filesystem::path here;  // the contestants' folder
  std::filesystem::path root;  // the served folder
  std::filesystem::path work;  // this run's own folder
  std::string file;            // name of the served file
  std::string server;          // address of the server's host
  std::vector<std::uint16_t> ports;
  std::uint64_t seed = 0;
};

// What of a run is written down beside its row.
struct Records {
  bool log = false;
  bool samples = false;
  bool latency = false;
};

// Files that the placeholders of a run name, in its work folder.
std::filesystem::path output_of(const RunPlace& place);
std::filesystem::path report_of(const RunPlace& place);
std::filesystem::path rows_of(const RunPlace& place);
std::filesystem::path samples_of(const RunPlace& place);
std::filesystem::path bystander_rows_of(const RunPlace& place);
std::filesystem::path servers_file_of(const RunPlace& place);

// How many connections the contestant can be asked for: the cell's, or fewer where it stops.
int possible_connections(const Cell& cell);

// The values of all placeholders, settings included.
Placeholders placeholders_of(const Cell& cell, const RunPlace& place);

// The argument lists of a cell's servers and clients, options added, placeholders replaced.
// `set_congestion`: whether servers set the algorithm themselves, because no route does.
std::vector<std::vector<std::string>> server_commands(const Cell& cell, const Placeholders& values,
                                                      const Records& records, bool set_congestion);
std::vector<std::vector<std::string>> client_commands(const Cell& cell, const Placeholders& values,
                                                      const Records& records);

}  // namespace dlab::bench
