#pragma once

#include <cctype>
#include <cstddef>
#include <cstdio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::test {

// "d1 4c 41" as bytes.
inline std::vector<std::byte> bytes(std::string_view text) {
  std::vector<std::byte> list;
  for (std::size_t i = 0; i < text.size();) {
    if (std::isspace(static_cast<unsigned char>(text[i])) != 0) {
      ++i;
      continue;
    }
    list.push_back(static_cast<std::byte>(std::stoul(std::string(text.substr(i, 2)), nullptr, 16)));
    i += 2;
  }
  return list;
}

// The same back, for comparisons that print what differs.
inline std::string hex(std::span<const std::byte> list) {
  std::string text;
  for (const std::byte byte : list) {
    char digits[4];
    std::snprintf(digits, sizeof digits, "%02x", std::to_integer<unsigned>(byte));
    text += text.empty() ? "" : " ";
    text += digits;
  }
  return text;
}

// The characters of `text` as bytes.
inline std::span<const std::byte> raw(std::string_view text) {
  return std::as_bytes(std::span(text));
}

// The bytes as characters.
inline std::string text(std::span<const std::byte> list) {
  return {reinterpret_cast<const char*>(list.data()), list.size()};
}

}  // namespace dlab::test
