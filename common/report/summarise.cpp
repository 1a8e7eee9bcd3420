#include <algorithm>
#include <cmath>

#include "common/report/transfer_report.hpp"

namespace dlab::report {
namespace {

constexpr int kWindowsPerSpan = 20;  // the sliding window is a twentieth of the span
constexpr int kStepsPerWindow = 10;
// Of a timed run: slow start may end far above what the losses allow, and it takes many of them to
// come down.
constexpr double kLeastRampShare = 1.0 / 3;
constexpr double kRounding = 1e-9;  // a constant rate must reach its own level at once

double bytes_until(const TransferReport& report, double seconds) {
  double bytes = 0;
  for (const auto& connection : report.per_connection) {
    bytes += connection.timeline.bytes_until(seconds);
  }
  return bytes;
}

double to_mbit(double bytes, double seconds) {
  return bytes * 8e-6 / seconds;
}

// When goodput first reaches the steady level, between `begin` and `end`.
double ramp_end(const TransferReport& report, double begin, double end) {
  const double span = end - begin;
  const double middle = begin + span / 2;
  const double level = (bytes_until(report, end) - bytes_until(report, middle)) / (end - middle);
  const double window = span / kWindowsPerSpan;
  for (int step = 0; step < kWindowsPerSpan * kStepsPerWindow; ++step) {
    const double from = begin + step * window / kStepsPerWindow;
    const double goodput =
        (bytes_until(report, from + window) - bytes_until(report, from)) / window;
    if (goodput >= level * (1 - kRounding)) {
      return from;
    }
  }
  return begin;
}

// Jain's index over the connections' goodputs (Jain, Chiu, Hawe 1984).
std::optional<double> jain_index(const TransferReport& report) {
  double sum = 0;
  double squares = 0;
  for (const auto& connection : report.per_connection) {
    const double active = connection.done_s.value_or(0) - connection.first_byte_s.value_or(0);
    const double rate = active > 0 ? static_cast<double>(connection.bytes) / active : 0;
    sum += rate;
    squares += rate * rate;
  }
  if (squares == 0) {
    return std::nullopt;
  }
  return sum * sum / (static_cast<double>(report.per_connection.size()) * squares);
}

double steady_begin(const TransferReport& report, double begin, double end) {
  if (end <= begin) {
    return begin;
  }
  const double reached = ramp_end(report, begin, end);
  return report.planned_seconds ? std::max(reached, begin + (end - begin) * kLeastRampShare)
                                : reached;
}

struct Moments {
  double first_byte = INFINITY;
  double first_done = INFINITY;  // the first connection ran out of work
  double last_done = 0;
};

Moments find_moments(const TransferReport& report) {
  Moments moments;
  for (const auto& connection : report.per_connection) {
    if (connection.first_byte_s && connection.done_s) {
      moments.first_byte = std::min(moments.first_byte, *connection.first_byte_s);
      moments.first_done = std::min(moments.first_done, *connection.done_s);
      moments.last_done = std::max(moments.last_done, *connection.done_s);
    }
  }
  if (report.planned_seconds) {
    moments.first_done = moments.last_done;  // a timed run has no tail
  }
  return moments;
}

}  // namespace

void summarise(TransferReport& report) {
  const Moments moments = find_moments(report);
  if (!std::isfinite(moments.first_byte) || moments.last_done <= 0) {
    return;
  }
  const double duration = moments.last_done;
  report.duration_s = duration;
  report.ttfb_s = moments.first_byte;
  report.setup_s = moments.first_byte;
  report.goodput_mbit_s = to_mbit(static_cast<double>(report.bytes_received), duration);
  const double tail_begin = std::max(moments.first_byte, moments.first_done);
  const double ramp_over = steady_begin(report, moments.first_byte, tail_begin);
  report.ramp_s = ramp_over - moments.first_byte;
  report.steady_s = tail_begin - ramp_over;
  report.tail_s = duration - tail_begin;
  if (*report.steady_s > 0) {
    const double bytes = bytes_until(report, tail_begin) - bytes_until(report, ramp_over);
    report.steady_goodput_mbit_s = to_mbit(bytes, *report.steady_s);
  }
  if (report.per_connection.size() > 1) {
    report.jain_index = jain_index(report);
  }
}

}  // namespace dlab::report
