#include "bench/runner/side_tables.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>
#include <vector>

#include <nlohmann/json.hpp>

#include "bench/runner/columns.hpp"
#include "bench/runner/csv.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/run_row.hpp"
#include "common/base/random.hpp"

namespace dlab::bench {
namespace {

using nlohmann::json;

// The number behind "key=" in a log line; 0 when it is not there.
std::int64_t number_after(std::string_view line, std::string_view key) {
  const auto at = line.find(key);
  return at == std::string_view::npos ? 0 : leading_number(line.substr(at + key.size()));
}

// The number that a field holds; 0 when it is blank.
double number_in(std::string_view field) {
  double number = 0;
  std::from_chars(field.data(), field.data() + field.size(), number);
  return number;
}

// Which of `count` rows to keep, in order.
std::vector<std::size_t> reservoir(std::size_t count, std::size_t most, std::uint64_t seed) {
  base::SplitMix64 random(seed);
  std::vector<std::size_t> kept;
  for (std::size_t row = 0; row < count; ++row) {
    if (kept.size() < most) {
      kept.push_back(row);
    } else if (const auto slot = random.below(row + 1); slot < most) {
      kept[slot] = row;
    }
  }
  std::ranges::sort(kept);
  return kept;
}

// Row by row, the columns in the order of samples.csv.
class SampleLines {
 public:
  explicit SampleLines(const std::string& run_id) : fields_(samples_columns().size()) {
    fields_[0] = run_id;
  }
  void set(std::string_view column, std::string value) {
    const auto found = std::ranges::find(samples_columns(), column);
    fields_[static_cast<std::size_t>(found - samples_columns().begin())] = std::move(value);
  }
  void end_row() {
    lines_ += csv_line(std::span<const std::string>(fields_));
    std::fill(fields_.begin() + 1, fields_.end(), std::string());
  }
  std::string take() { return std::move(lines_); }

 private:
  std::vector<std::string> fields_;
  std::string lines_;
};

std::map<std::string, std::string, std::less<>> connections_by_port(const json& report) {
  std::map<std::string, std::string, std::less<>> connections;
  for (const auto& connection : report.value("per_connection", json::array())) {
    connections[std::to_string(connection.value("local_port", 0))] =
        std::to_string(connection.value("connection", 0));
  }
  return connections;
}

void add_client_progress(const json& report, SampleLines& lines) {
  for (const auto& connection : report.value("per_connection", json::array())) {
    for (const auto& point : connection.value("progress", json::array())) {
      lines.set("t_s", format_number(point.at(0).get<double>()));
      lines.set("side", "client");
      lines.set("connection", std::to_string(connection.value("connection", 0)));
      lines.set("bytes_received", std::to_string(point.at(1).get<std::int64_t>()));
      lines.end_row();
    }
  }
}

}  // namespace

std::optional<double> server_send_seconds(std::string_view log) {
  std::int64_t first_ns = std::numeric_limits<std::int64_t>::max();
  std::int64_t last_ns = 0;
  while (!log.empty()) {
    const auto line = log.substr(0, log.find('\n'));
    log.remove_prefix(std::min(line.size() + 1, log.size()));
    if (number_after(line, " sent=") > 0 && number_after(line, " first_ns=") > 0) {
      first_ns = std::min(first_ns, number_after(line, " first_ns="));
      last_ns = std::max(last_ns, number_after(line, " last_ns="));
    }
  }
  return last_ns > 0 ? std::optional(static_cast<double>(last_ns - first_ns) / 1e9) : std::nullopt;
}

std::string latency_lines(const std::string& run_id, std::string_view client_rows, std::size_t most,
                          std::uint64_t seed) {
  const auto table = CsvTable::parse(client_rows);
  std::string lines;
  for (const auto row : reservoir(table.rows(), most, seed)) {
    std::vector<std::string> fields{run_id};
    for (const auto column : latency_columns().subspan(1)) {
      fields.emplace_back(table.field(row, column));
    }
    lines += csv_line(std::span<const std::string>(fields));
  }
  return lines;
}

std::vector<double> response_times_ms(std::string_view client_rows) {
  const auto table = CsvTable::parse(client_rows);
  std::vector<double> times;
  times.reserve(table.rows());
  for (std::size_t row = 0; row < table.rows(); ++row) {
    times.push_back(
        1000 * (number_in(table.field(row, "done_s")) - number_in(table.field(row, "intended_s"))));
  }
  return times;
}

Samples merge_samples(const std::string& run_id, std::string_view server_samples,
                      const json& report) {
  const auto table = CsvTable::parse(server_samples);
  const auto connections = connections_by_port(report);
  const auto t0_ns = report.value("t0_monotonic_ns", std::int64_t{0});
  std::map<std::string, std::int64_t, std::less<>> retransmits;  // by the client's port
  std::map<std::string, SenderTimes, std::less<>> times;  // as far as the last sample of each
  Samples samples;
  SampleLines lines(run_id);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (const auto column : samples_columns().subspan(1)) {
      lines.set(column, std::string(table.field(row, column)));
    }
    const std::string port(table.field(row, "peer_port"));
    const auto connection = connections.find(port);
    const auto ns = leading_number(table.field(row, "t_monotonic_ns")) - t0_ns;
    lines.set("t_s", format_number(static_cast<double>(ns) / 1e9));
    lines.set("side", "server");
    lines.set("connection", connection == connections.end() ? "" : connection->second);
    lines.end_row();
    times[port] = {number_in(table.field(row, "busy_s")),
                   number_in(table.field(row, "rwnd_limited_s")),
                   number_in(table.field(row, "sndbuf_limited_s"))};
    auto& before = retransmits[port];
    const auto now = leading_number(table.field(row, "retransmits"));
    samples.loss_events += now > before ? 1 : 0;
    before = now;
  }
  for (const auto& [port, last] : times) {
    samples.times.busy_s += last.busy_s;
    samples.times.rwnd_limited_s += last.rwnd_limited_s;
    samples.times.sndbuf_limited_s += last.sndbuf_limited_s;
  }
  add_client_progress(report, lines);
  samples.lines = lines.take();
  return samples;
}

}  // namespace dlab::bench
