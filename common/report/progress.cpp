#include "common/report/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"

namespace dlab::report {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};
constexpr std::size_t kNameColumns = 24;

std::string bar(double share, std::size_t width) {
  const auto filled = static_cast<std::size_t>(
      std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(width)));
  return std::string(filled, '#') + std::string(width - filled, '.');
}

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

template <typename... Values>
std::string print(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string lane_line(std::size_t number, const Progress::Lane& lane, std::size_t bar_width) {
  const std::uint64_t received = lane.received;
  const std::uint64_t assigned = std::max<std::uint64_t>(lane.assigned, received);
  return print("%5zu [%s] %10s%s", number, bar(share_of(received, assigned), bar_width).c_str(),
               base::format_byte_count(received).c_str(), lane.finished ? "  done" : "");
}

// How many rows of a window the lines take that were drawn when it may have been wider: terminals
// wrap anew what no longer fits.
std::size_t rows_of(const std::vector<std::string>& lines, Window window) {
  std::size_t rows = 0;
  for (const auto& line : lines) {
    const std::size_t columns = std::max<std::size_t>(base::columns_of(line), 1);
    rows += (columns + window.columns - 1) / window.columns;
  }
  return rows;
}

}  // namespace

std::string share_and_rate(std::uint64_t have, std::uint64_t total, std::uint64_t received,
                           double seconds) {
  const double rate = seconds > 0 ? static_cast<double>(received) / seconds : 0;
  std::string line = print("%3.0f %%  %s  %.1f MB/s", std::floor(100 * share_of(have, total)),
                           base::format_byte_count(have).c_str(), rate / 1e6);
  if (rate > 0 && total > have) {
    line += print("  %.0f s left", std::ceil(static_cast<double>(total - have) / rate));
  }
  return line;
}

std::string waiting_for_digest(const std::string& name, double seconds) {
  return print("waiting for a digest of %s, %.0f s", base::shortened(name, kNameColumns).c_str(),
               seconds);
}

std::size_t lanes_that_fit(Window window) {
  return std::max<std::size_t>(window.rows, 4) - 4;
}

std::vector<std::string> clipped(std::vector<std::string> lines, Window window) {
  lines.resize(std::min<std::size_t>(lines.size(), std::max(window.rows, 2U) - 1));
  for (auto& line : lines) {
    line = base::printable(line);
    line.resize(base::front_columns(line, window.columns - 1).size());
  }
  return lines;
}

std::vector<std::string> picture(const Progress& progress, const std::string& name, double seconds,
                                 Window window) {
  const std::size_t bar_width = std::clamp<std::size_t>(window.columns / 3, 10, 40);
  std::uint64_t received = 0;
  for (const auto& lane : progress.lanes) {
    received += lane.received;
  }
  std::vector<std::string> lines;
  if (progress.lanes.size() > 1) {
    const std::size_t shown = std::min(progress.lanes.size(), lanes_that_fit(window));
    for (std::size_t i = 0; i < shown; ++i) {
      lines.push_back(lane_line(i, progress.lanes[i], bar_width));
    }
    if (shown < progress.lanes.size()) {
      lines.push_back(print("      and %zu more connections", progress.lanes.size() - shown));
    }
  }
  const std::uint64_t have = progress.have;
  const std::uint64_t total = progress.total;
  lines.push_back(base::shortened(name, kNameColumns) + " [" +
                  bar(share_of(have, total), bar_width) + "] " +
                  share_and_rate(have, total, received, seconds));
  return clipped(std::move(lines), window);
}

ProgressDisplay::ProgressDisplay(std::FILE* terminal, std::function<Window()> window,
                                 Picture picture)
    : terminal_(terminal),
      window_(std::move(window)),
      picture_(std::move(picture)),
      worker_([this] { work(); }) {}

ProgressDisplay::~ProgressDisplay() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  stop_requested_.notify_all();
  worker_.join();
  draw();
}

void ProgressDisplay::work() {
  std::unique_lock lock(mutex_);
  while (!stop_requested_.wait_for(lock, kRedraw, [this] { return stopping_; })) {
    draw();
  }
}

void ProgressDisplay::draw() {
  const Window window = window_();
  std::string text;
  if (const std::size_t rows = rows_of(drawn_, window); rows > 0) {
    text = print("\x1b[%zuA", rows);  // cursor up to where the picture began
  }
  drawn_ = picture_(base::to_seconds(base::Clock::now() - started_), window);
  for (const auto& line : drawn_) {
    text.append("\r").append(line).append("\x1b[K\n");
  }
  text.append("\x1b[J");  // what an earlier picture has further down
  std::fwrite(text.data(), 1, text.size(), terminal_);
  std::fflush(terminal_);
}

}  // namespace dlab::report
