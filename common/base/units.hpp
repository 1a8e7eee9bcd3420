#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dlab::base {

using ByteCount = std::uint64_t;

// Bits per second.
struct BitRate {
  double bits_per_second = 0;

  [[nodiscard]] double bytes_per_second() const { return bits_per_second / 8; }
  auto operator<=>(const BitRate&) const = default;
};

// "8192", "64KiB", "1.5MB": KiB, MiB, GiB are powers of 1024, kB, MB, GB of 1000, a bare number is
// bytes. Nothing for any other text, a negative number or one beyond 2^63.
std::optional<ByteCount> parse_byte_count(std::string_view text);

// "10Mbit", "1Gbit", "64kbit" (powers of 1000, per second) or "10MB/s". Nothing for other texts,
// zero or a negative rate.
std::optional<BitRate> parse_bit_rate(std::string_view text);

// "250ms", "10s", "2min", "0". Nothing for others, a number without its unit or a negative time.
std::optional<std::chrono::nanoseconds> parse_duration(std::string_view text);

// "0.01", "1%": a probability between 0 and 1.
std::optional<double> parse_probability(std::string_view text);

// For people: "512 B", "64.0 KiB", "3.2 MiB".
std::string format_byte_count(ByteCount bytes);

}  // namespace dlab::base
