#include "part4_mirrors/mirrors_picture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <utility>

#include "common/base/terminal_text.hpp"
#include "common/base/units.hpp"

namespace dlab::part4 {
namespace {

constexpr std::size_t kNameColumns = 24;
constexpr std::string_view kMarks =
    "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

char mark_of(std::size_t mirror) {
  return kMarks[mirror % kMarks.size()];
}

// The characters that `range` touches, as [first, last).
std::pair<std::size_t, std::size_t> cells_of(storage::ByteRange range, std::uint64_t size,
                                             std::size_t width) {
  const double scale = static_cast<double>(width) / static_cast<double>(size);
  const auto first = static_cast<std::size_t>(static_cast<double>(range.begin) * scale);
  const auto last = static_cast<std::size_t>(std::ceil(static_cast<double>(range.end) * scale));
  return {std::min(first, width), std::min(last, width)};
}

std::string state_of(const MirrorsView::Mirror& mirror) {
  if (mirror.given_up) {
    return "given up: " + mirror.reason;
  }
  if (mirror.asks > 0) {
    return std::to_string(mirror.asks) + (mirror.asks == 1 ? " chunk" : " chunks");
  }
  if (mirror.rests > base::Duration::zero()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(mirror.rests).count();
    const std::string left = std::to_string(seconds) + " s";
    return (mirror.is_busy ? "asked to wait, " + left + " left: " : "rests " + left + ": ") +
           mirror.reason;
  }
  return "idle";
}

std::string mirror_line(std::size_t number, const MirrorsView::Mirror& mirror,
                        const std::string& name) {
  std::array<char, 32> rate{"-"};
  if (mirror.goodput) {
    std::snprintf(rate.data(), rate.size(), "%.1f MB/s", *mirror.goodput / 1e6);
  }
  std::array<char, 64> figures{};
  std::snprintf(figures.data(), figures.size(), " %10s %10s  ", rate.data(),
                base::format_byte_count(mirror.bytes).c_str());
  return std::string(" ") + mark_of(number) + " " +
         base::padded(base::printable(name), kNameColumns) + figures.data() + state_of(mirror);
}

}  // namespace

std::string file_bar(const MirrorsView& view, std::size_t width) {
  std::string bar(width, view.size ? '#' : '.');
  if (view.size.value_or(0) == 0) {
    return bar;
  }
  for (const auto& range : view.missing) {
    const auto [first, last] = cells_of(range, *view.size, width);
    std::fill(bar.begin() + static_cast<std::ptrdiff_t>(first),
              bar.begin() + static_cast<std::ptrdiff_t>(last), '.');
  }
  for (const auto& coming : view.coming) {
    if (!coming.range.empty()) {
      const auto [first, last] = cells_of(coming.range, *view.size, width);
      std::fill(bar.begin() + static_cast<std::ptrdiff_t>(first),
                bar.begin() + static_cast<std::ptrdiff_t>(last), mark_of(coming.mirror));
    }
  }
  return bar;
}

std::vector<std::string> picture(const MirrorsView& view, const std::string& name,
                                 const std::vector<std::string>& names, double seconds,
                                 report::Window window) {
  std::uint64_t received = 0;
  for (const auto& mirror : view.mirrors) {
    received += mirror.bytes;
  }
  std::string bar = "[";
  bar.append(file_bar(view, std::clamp<std::size_t>(window.columns, 13, 123) - 3)).append("]");
  std::vector<std::string> lines{
      base::shortened(name, kNameColumns) + " " +
          report::share_and_rate(view.have, view.size.value_or(0), received, seconds),
      bar};
  const std::size_t shown = std::min(names.size(), report::lanes_that_fit(window));
  for (std::size_t i = 0; i < shown; ++i) {
    lines.push_back(mirror_line(i, view.mirrors[i], names[i]));
  }
  if (shown < names.size()) {
    lines.push_back("   and " + std::to_string(names.size() - shown) + " more mirrors");
  }
  return report::clipped(std::move(lines), window);
}

}  // namespace dlab::part4
