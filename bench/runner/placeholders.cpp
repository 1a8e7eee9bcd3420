#include "bench/runner/placeholders.hpp"

#include <functional>
#include <stdexcept>

namespace dlab::bench {
namespace {

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz_0123456789";

// The name at the front of "name}...", or nothing when this is no placeholder.
std::string_view name_at(std::string_view text) {
  const auto length = text.find_first_not_of(kNameCharacters);
  const bool closed = length != std::string_view::npos && length > 0 && text[length] == '}';
  return closed ? text.substr(0, length) : std::string_view();
}

// Copies `text` with every placeholder replaced by what `value_of` says.
std::string replace(std::string_view text,
                    const std::function<std::string(std::string_view)>& value_of) {
  std::string result;
  while (!text.empty()) {
    if (text.starts_with("{{") || text.starts_with("}}")) {
      result += text.front();
      text.remove_prefix(2);
      continue;
    }
    const auto name = text.front() == '{' ? name_at(text.substr(1)) : std::string_view();
    if (name.empty()) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += value_of(name);
      text.remove_prefix(name.size() + 2);
    }
  }
  return result;
}

}  // namespace

std::string expand(std::string_view text, const Placeholders& values) {
  return replace(text, [&](std::string_view name) {
    const auto found = values.find(name);
    if (found == values.end()) {
      throw std::runtime_error("placeholder {" + std::string(name) + "} has no value here");
    }
    return found->second;
  });
}

std::vector<std::string> expand(const std::vector<std::string>& texts, const Placeholders& values) {
  std::vector<std::string> expanded;
  expanded.reserve(texts.size());
  for (const auto& text : texts) {
    expanded.push_back(expand(text, values));
  }
  return expanded;
}

std::set<std::string> placeholders_in(std::string_view text) {
  std::set<std::string> names;
  replace(text, [&](std::string_view name) {
    names.emplace(name);
    return std::string();
  });
  return names;
}

}  // namespace dlab::bench
