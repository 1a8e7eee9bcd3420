#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace dlab::bench {

// From the log of one of our servers: the time from the first body byte that a socket took to the
// last, over all its requests, in seconds; nothing when no body was sent.
std::optional<double> server_send_seconds(std::string_view log);

// Lines of latency.csv from a client's --rows: at most `most`, chosen by a seeded reservoir
// (Vitter 1985, algorithm R), in their order. Throws std::runtime_error for a bad CSV.
std::string latency_lines(const std::string& run_id, std::string_view client_rows, std::size_t most,
                          std::uint64_t seed);

// From a --rows CSV of requests: for each answer the time from when it was due to its last byte, in
// ms. Throws std::runtime_error for a bad CSV.
std::vector<double> response_times_ms(std::string_view client_rows);

// How long the server's connections were held back by what, together (tcp_info).
struct SenderTimes {
  double busy_s = 0;
  double rwnd_limited_s = 0;
  double sndbuf_limited_s = 0;
};

struct Samples {
  std::string lines;  // of samples.csv
  std::int64_t loss_events = 0;
  SenderTimes times;
};

// Lines of samples.csv: the server's TCP_INFO (--samples), its times counted from the client's t0
// and its connections named by the client's local ports, and the client's progress from its
// report. Throws std::runtime_error for a bad CSV.
Samples merge_samples(const std::string& run_id, std::string_view server_samples,
                      const nlohmann::json& report);

}  // namespace dlab::bench
