#pragma once

#include <algorithm>
#include <string_view>

namespace dlab::wire {

// Does `text` begin with `prefix`, which is in lower case, whatever the case of its own letters?
// ASCII alone, and no locale.
inline bool starts_with_ignoring_case(std::string_view text, std::string_view prefix) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  };
  return std::ranges::equal(text.substr(0, prefix.size()), prefix, {}, lower);
}

}  // namespace dlab::wire
