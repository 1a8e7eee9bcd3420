#include "common/base/units.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <span>

namespace dlab::base {
namespace {

struct Unit {
  std::string_view name;
  double factor;
};

constexpr std::array<Unit, 10> kByteUnits{{{"", 1},
                                           {"B", 1},
                                           {"kB", 1e3},
                                           {"KB", 1e3},
                                           {"MB", 1e6},
                                           {"GB", 1e9},
                                           {"KiB", 1024},
                                           {"MiB", 1024.0 * 1024},
                                           {"GiB", 1024.0 * 1024 * 1024},
                                           {"TiB", 1024.0 * 1024 * 1024 * 1024}}};
constexpr std::array<Unit, 8> kRateUnits{{{"bit", 1},
                                          {"kbit", 1e3},
                                          {"Mbit", 1e6},
                                          {"Gbit", 1e9},
                                          {"B/s", 8},
                                          {"kB/s", 8e3},
                                          {"MB/s", 8e6},
                                          {"GB/s", 8e9}}};
constexpr std::array<Unit, 4> kTimeUnits{{{"us", 1e3}, {"ms", 1e6}, {"s", 1e9}, {"min", 60e9}}};
constexpr std::array<Unit, 2> kProbabilityUnits{{{"", 1}, {"%", 0.01}}};

// A non-negative decimal number followed by one of `units`, in that unit's base.
std::optional<double> parse_quantity(std::string_view text, std::span<const Unit> units) {
  double number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, number, std::chars_format::fixed);
  if (error != std::errc() || !std::isfinite(number) || number < 0 || std::signbit(number)) {
    return std::nullopt;
  }
  const std::string_view unit_name(rest, static_cast<std::size_t>(end - rest));
  for (const Unit& unit : units) {
    if (unit.name == unit_name) {
      return number * unit.factor;
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<ByteCount> parse_byte_count(std::string_view text) {
  // Whole bytes are parsed as integers: a double is exact only up to 2^53.
  ByteCount whole = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, whole);
  if (error == std::errc() && rest == end && whole < (ByteCount{1} << 63)) {
    return whole;
  }
  const auto bytes = parse_quantity(text, kByteUnits);
  if (!bytes || *bytes >= std::ldexp(1.0, 63)) {
    return std::nullopt;
  }
  return static_cast<ByteCount>(std::llround(*bytes));
}

std::optional<BitRate> parse_bit_rate(std::string_view text) {
  const auto rate = parse_quantity(text, kRateUnits);
  if (!rate || *rate <= 0) {
    return std::nullopt;
  }
  return BitRate{*rate};
}

std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text) {
  if (text == "0") {
    return std::chrono::nanoseconds(0);
  }
  const auto ns = parse_quantity(text, kTimeUnits);
  if (!ns || *ns >= std::ldexp(1.0, 62)) {
    return std::nullopt;
  }
  return std::chrono::nanoseconds(std::llround(*ns));
}

std::optional<double> parse_probability(std::string_view text) {
  const auto probability = parse_quantity(text, kProbabilityUnits);
  if (!probability || *probability > 1) {
    return std::nullopt;
  }
  return probability;
}

std::string format_byte_count(ByteCount bytes) {
  constexpr std::array<const char*, 5> kNames{"B", "KiB", "MiB", "GiB", "TiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  while (value >= 1024 && unit + 1 < kNames.size()) {
    value /= 1024;
    ++unit;
  }
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), unit == 0 ? "%.0f %s" : "%.1f %s", value, kNames[unit]);
  return text.data();
}

}  // namespace dlab::base
