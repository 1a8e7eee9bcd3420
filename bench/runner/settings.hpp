#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "bench/runner/json_object.hpp"

namespace dlab::bench {

// What sets one run apart from another: column of runs.csv -> value as it will stand there. Beside
// the columns there is `verify` (yes, no): whether our clients compare the digest.
using Settings = std::map<std::string, std::string, std::less<>>;

// A setting's values, in the order of the file: one for a plain value, several for a list.
using Axes = std::map<std::string, std::vector<std::string>, std::less<>>;

// Whether `key` is a setting, and `value` one that it may have; the second throws DataError.
bool is_setting(std::string_view key);
// Whether `key` is a setting whose values are numbers.
bool is_number_setting(std::string_view key);
void check_setting(std::string_view key, std::string_view value, const std::string& where);

// Reads all keys of `object` that are settings, numbers and texts alike, values checked. A list is
// an axis. Throws DataError.
Axes read_axes(JsonObject& object);

// The same where lists are not allowed. Throws DataError.
Settings read_settings(JsonObject& object);

// Every combination of the axes' values, the last axis turning fastest.
std::vector<Settings> combinations(const Axes& axes);

// `key` in `settings`, or nothing.
std::string_view setting(const Settings& settings, std::string_view key);
// The same as a number; `fallback` when it is not set.
double number_setting(const Settings& settings, std::string_view key, double fallback);

}  // namespace dlab::bench
