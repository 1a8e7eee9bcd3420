#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace dlab::bench {

// Values for {placeholders}, by name without the braces.
using Placeholders = std::map<std::string, std::string, std::less<>>;

// Replaces each {name} (small letters, digits, underscores) by its value. "{{" and "}}" stand for
// single braces; a brace that encloses anything else is itself. Throws std::runtime_error for a
// name without a value.
std::string expand(std::string_view text, const Placeholders& values);
std::vector<std::string> expand(const std::vector<std::string>& texts, const Placeholders& values);

// The names of the placeholders in `text`.
std::set<std::string> placeholders_in(std::string_view text);

}  // namespace dlab::bench
