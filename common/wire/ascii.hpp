#pragma once

#include <algorithm>
#include <string_view>

namespace dlab::wire {

// ASCII alone, and no locale.
constexpr char lower(char character) {
  return character >= 'A' && character <= 'Z' ? static_cast<char>(character + 32) : character;
}

// Is `text` this `word`, which is in lower case, whatever the case of its own letters?
inline bool equal_ignoring_case(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {}, lower);
}

// Does it begin with this word?
inline bool starts_with_ignoring_case(std::string_view text, std::string_view word) {
  return equal_ignoring_case(text.substr(0, word.size()), word);
}

}  // namespace dlab::wire
