#pragma once

#include <cstddef>
#include <string>

namespace dlab::test {

// "0 1 2 3 ...", so many characters of it: text of which no long stretch occurs twice.
inline std::string numbers(std::size_t size) {
  std::string text;
  for (int i = 0; text.size() < size; ++i) {
    text += std::to_string(i) + " ";
  }
  return text.substr(0, size);
}

}  // namespace dlab::test
