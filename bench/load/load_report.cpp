#include "bench/load/load_report.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "common/base/output.hpp"

namespace dlab::load {
namespace {

using nlohmann::json;

template <typename... Values>
std::string print(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

double length_s(const Window& window) {
  return window.end > window.begin ? base::to_seconds(window.end - window.begin) : 0;
}

double per_second(std::uint64_t count, const Window& window) {
  const double seconds = length_s(window);
  return seconds > 0 ? static_cast<double>(count) / seconds : 0;
}

json quantile_s(const Histogram& histogram, double share) {
  return histogram.count() > 0 ? json(base::to_seconds(histogram.quantile(share))) : json(nullptr);
}

json settings(const LoadOptions& options) {
  const bool open_loop = options.loop == LoopKind::open;
  json names = json::array();
  for (const auto& object : options.objects) {
    names.push_back({{"name", object.name}, {"weight", object.weight}});
  }
  return {{"schema", 1},
          {"program", "dlab_load"},
          {"server", options.server.text()},
          {"objects", names},
          {"protocol", options.terms.protocol == Protocol::dlab ? "dlab" : "http"},
          {"loop", open_loop ? "open" : "closed"},
          {"offered_requests_s", open_loop ? json(options.rate) : json(nullptr)},
          {"arrivals", !open_loop                                 ? json(nullptr)
                       : options.arrivals == ArrivalKind::poisson ? json("poisson")
                                                                  : json("constant")},
          {"clients", options.connections},
          {"requests_per_connection", options.terms.requests_per_connection},
          {"pipeline_depth", options.terms.pipeline},
          {"idle_clients", options.idle},
          {"slow_clients", options.slow},
          {"seed", options.seed}};
}

json outcome(const Tally& tally, const Window& window, const Ending& ending) {
  const double seconds = length_s(window);
  json document = {{"status", ending.error.empty() ? "ok" : "failed"},
                   {"error", ending.error.empty() ? json(nullptr) : json(ending.error)},
                   {"exit_code", ending.exit_code},
                   {"t0_monotonic_ns", base::to_ns(window.t0)},
                   {"duration_s", seconds},
                   {"requests", tally.requests},
                   {"requests_in_all", tally.answered_in_all},
                   {"requests_per_s", per_second(tally.answers_within, window)},
                   {"bytes_received", tally.bytes_in_all},
                   {"goodput_mbit_s", per_second(tally.bytes_within, window) * 8e-6},
                   {"failed_requests", tally.failed()},
                   {"error_kinds", tally.errors},
                   {"connections_opened", tally.connections_opened},
                   {"idle_opened", tally.idle_opened},
                   {"idle_still_open", tally.idle_still_open},
                   {"slow_bytes", tally.slow_bytes},
                   {"cpu_s", ending.cpu_s}};
  return document;
}

json latencies(const Tally& tally) {
  const Histogram& latency = tally.latency;
  return {{"latency_mean_s", latency.count() > 0 ? json(latency.mean_s()) : json(nullptr)},
          {"latency_p50_s", quantile_s(latency, 0.5)},
          {"latency_p90_s", quantile_s(latency, 0.9)},
          {"latency_p99_s", quantile_s(latency, 0.99)},
          {"latency_p999_s", quantile_s(latency, 0.999)},
          {"latency_max_s", quantile_s(latency, 1)},
          {"connect_p50_s", quantile_s(tally.connect, 0.5)},
          {"connect_p99_s", quantile_s(tally.connect, 0.99)},
          {"connect_max_s", quantile_s(tally.connect, 1)},
          {"lateness_p99_s", quantile_s(tally.lateness, 0.99)},
          {"lateness_max_s", quantile_s(tally.lateness, 1)}};
}

std::string in_ms(const Histogram& histogram, double share) {
  return print("%.3f ms", base::to_seconds(histogram.quantile(share)) * 1e3);
}

}  // namespace

void write_report(const LoadOptions& options, const Tally& tally, const Window& window,
                  const Ending& ending) {
  json document = settings(options);
  document.update(outcome(tally, window, ending));
  document.update(latencies(tally));
  // A name may hold bytes that are not UTF-8.
  base::write_output(options.report,
                     document.dump(1, ' ', false, json::error_handler_t::replace) + '\n');
}

std::string summary(const Tally& tally, const Window& window) {
  const Histogram& latency = tally.latency;
  std::string text =
      print("%llu requests in %.1f s: %.1f/s, %.2f MB/s; %llu failed",
            static_cast<unsigned long long>(tally.requests), length_s(window),
            per_second(tally.answers_within, window), per_second(tally.bytes_within, window) / 1e6,
            static_cast<unsigned long long>(tally.failed()));
  const char* separator = ": ";
  for (const auto& [word, count] : tally.errors) {
    text += separator + word + print(" %llu", static_cast<unsigned long long>(count));
    separator = ", ";
  }
  text += "\nlatency: median " + in_ms(latency, 0.5) + ", p90 " + in_ms(latency, 0.9) + ", p99 " +
          in_ms(latency, 0.99) + ", p99.9 " + in_ms(latency, 0.999) + ", longest " +
          in_ms(latency, 1) + "\n";
  if (tally.lateness.count() > 0) {
    text += "we looked at a request so long after it was due: p99 " + in_ms(tally.lateness, 0.99) +
            ", longest " + in_ms(tally.lateness, 1) + "\n";
  }
  return text;
}

}  // namespace dlab::load
