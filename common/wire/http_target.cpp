#include "common/wire/http_target.hpp"

#include <algorithm>
#include <charconv>

#include "common/wire/ascii.hpp"

namespace dlab::wire {
namespace {

constexpr std::string_view kScheme = "http://";

std::optional<char> decoded_escape(std::string_view digits) {
  unsigned value = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, value, 16);
  if (digits.size() != 2 || error != std::errc() || stopped != end || value == 0) {
    return std::nullopt;
  }
  return static_cast<char>(static_cast<unsigned char>(value));
}

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string decoded;
  decoded.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      decoded += text[i];
      continue;
    }
    const auto character = decoded_escape(text.substr(i + 1, 2));
    if (!character) {
      return std::nullopt;
    }
    decoded += *character;
    i += 2;
  }
  return decoded;
}

bool is_plain(char character) {
  return (character >= '0' && character <= '9') || (character >= 'a' && character <= 'z') ||
         (character >= 'A' && character <= 'Z') ||
         std::string_view("-_./+@,:").find(character) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> path_of_target(std::string_view target) {
  if (target.find('#') != std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view path = target;
  if (starts_with_ignoring_case(target, kScheme)) {
    path.remove_prefix(kScheme.size());
    const auto host_end = std::min(path.find_first_of("/?"), path.size());
    if (host_end == 0) {
      return std::nullopt;
    }
    path.remove_prefix(host_end);
  } else if (!target.starts_with('/')) {
    return std::nullopt;
  }
  path = path.substr(0, path.find('?'));
  return percent_decoded(path.substr(std::min(path.find_first_not_of('/'), path.size())));
}

std::string percent_encoded(std::string_view name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string word;
  for (const char character : name) {
    if (is_plain(character)) {
      word += character;
    } else {
      const auto code = static_cast<unsigned char>(character);
      word += {'%', kDigits[code >> 4U], kDigits[code & 0xFU]};
    }
  }
  return word;
}

std::string without_userinfo(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) {
    return std::string(text);
  }
  const auto scheme_end = text.find("://");
  const auto begin =
      scheme_end < at ? scheme_end + 3 : text.substr(0, at).find_last_of(" \t\"") + 1;
  return std::string(text.substr(0, begin)).append("***").append(text.substr(at));
}

}  // namespace dlab::wire
