#include "common/report/progress.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "common/base/units.hpp"

namespace dlab::report {
namespace {

constexpr std::chrono::milliseconds kRedraw{100};

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

std::size_t lanes_that_fit(Window window) {
  return std::max<std::size_t>(window.rows, 6) - 4;
}

std::vector<std::string> clipped(std::vector<std::string> lines, Window window) {
  for (auto& line : lines) {
    line = line.substr(0, window.columns - 1);
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
  const std::string short_name = name.size() > 24 ? name.substr(0, 21) + "..." : name;
  const std::uint64_t have = progress.have;
  const std::uint64_t total = progress.total;
  lines.push_back(short_name + " [" + bar(share_of(have, total), bar_width) + "] " +
                  share_and_rate(have, total, received, seconds));
  return clipped(std::move(lines), window);
}

ProgressDisplay::ProgressDisplay(std::FILE* terminal, Window window, Picture picture)
    : terminal_(terminal),
      window_(window),
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
  if (lines_drawn_ > 0) {
    std::fprintf(terminal_, "\x1b[%zuA", lines_drawn_);  // cursor up to where the picture began
  }
  const double seconds = base::to_seconds(base::Clock::now() - started_);
  const auto lines = picture_(seconds, window_);
  for (const auto& line : lines) {
    std::fprintf(terminal_, "\r%s\x1b[K\n", line.c_str());
  }
  std::fflush(terminal_);
  lines_drawn_ = lines.size();
}

}  // namespace dlab::report
