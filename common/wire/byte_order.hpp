#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace dlab::wire {

// Writes a big-endian integer to the front of `out` and moves `out` behind it. Precondition: it
// fits.
template <typename Integer>
void store(std::span<std::byte>& out, Integer value) {
  static_assert(std::is_unsigned_v<Integer>);
  for (std::size_t i = 0; i < sizeof(Integer); ++i) {
    const std::size_t shift = 8 * (sizeof(Integer) - 1 - i);
    out[i] = static_cast<std::byte>(static_cast<std::uint8_t>(value >> shift));
  }
  out = out.subspan(sizeof(Integer));
}

// Appends big-endian integers and raw bytes to a message that is being built.
class Writer {
 public:
  template <typename Integer>
  void integer(Integer value) {
    std::array<std::byte, sizeof(Integer)> digits{};
    std::span<std::byte> place(digits);
    store(place, value);
    for (const std::byte digit : digits) {
      bytes_.push_back(digit);
    }
  }
  void raw(std::span<const std::byte> data) {
    bytes_.insert(bytes_.end(), data.begin(), data.end());
  }
  // A 16-bit length and then the characters; at most 65,535 of them.
  void text(std::string_view text) {
    integer(static_cast<std::uint16_t>(text.size()));
    raw(std::as_bytes(std::span(text)));
  }
  [[nodiscard]] std::vector<std::byte>& bytes() { return bytes_; }

 private:
  std::vector<std::byte> bytes_;
};

// Reads the same back. A read past the end yields zeros and makes ok() false for good, so that a
// decoder can read all fields first and look once.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

  template <typename Integer>
  Integer integer() {
    static_assert(std::is_unsigned_v<Integer>);
    std::uint64_t value = 0;
    for (const std::byte byte : raw(sizeof(Integer))) {
      value = (value << 8U) | std::to_integer<std::uint64_t>(byte);
    }
    return static_cast<Integer>(value);
  }
  // The next `count` bytes, or none of them when fewer are left.
  std::span<const std::byte> raw(std::size_t count) {
    if (count > rest_.size()) {
      ok_ = false;
      rest_ = {};
      return {};
    }
    const auto taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  std::string text() {
    const auto characters = raw(integer<std::uint16_t>());
    return {reinterpret_cast<const char*>(characters.data()), characters.size()};
  }
  std::span<const std::byte> take_rest() { return raw(rest_.size()); }

  // Nothing was read past the end so far.
  [[nodiscard]] bool ok() const { return ok_; }
  // Everything was read, and nothing past the end.
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::span<const std::byte> rest_;
  bool ok_ = true;
};

}  // namespace dlab::wire
