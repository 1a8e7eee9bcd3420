#include "bench/runner/json_object.hpp"

#include <cmath>
#include <fstream>

#include <nlohmann/json.hpp>

namespace dlab::bench {
namespace {

using nlohmann::json;

std::string as_text(const json& value, const std::string& where) {
  if (!value.is_string()) {
    throw DataError(where, "must be a text");
  }
  return value.get<std::string>();
}

std::vector<std::string> as_texts(const json& value, const std::string& where) {
  if (!value.is_array()) {
    throw DataError(where, "must be a list of texts");
  }
  std::vector<std::string> texts;
  for (const json& item : value) {
    texts.push_back(as_text(item, where + "[" + std::to_string(texts.size()) + "]"));
  }
  return texts;
}

}  // namespace

DataError::DataError(std::string_view where, std::string_view what)
    : std::runtime_error(std::string(where).append(": ").append(what)) {}

JsonObject::JsonObject(const json& value, std::string where)
    : value_(value), where_(std::move(where)) {
  if (!value_.is_object()) {
    throw DataError(where_, "must be an object");
  }
}

bool JsonObject::has(std::string_view key) const {
  return value_.contains(key);
}

std::string JsonObject::where(std::string_view key) const {
  const bool inside = where_.ends_with(']') || where_.find(": ") != std::string::npos;
  return std::string(where_).append(inside ? "." : ": ").append(key);
}

const json& JsonObject::raw(std::string_view key) {
  const auto found = value_.find(key);
  if (found == value_.end()) {
    throw DataError(where(key), "is missing");
  }
  read_.emplace(key);
  return *found;
}

std::string JsonObject::text(std::string_view key) {
  return as_text(raw(key), where(key));
}

std::string JsonObject::text_or(std::string_view key, std::string fallback) {
  return has(key) ? text(key) : std::move(fallback);
}

bool JsonObject::flag_or(std::string_view key, bool fallback) {
  if (!has(key)) {
    return fallback;
  }
  const json& value = raw(key);
  if (!value.is_boolean()) {
    throw DataError(where(key), "must be true or false");
  }
  return value.get<bool>();
}

double JsonObject::number(std::string_view key, double low, double high) {
  const json& value = raw(key);
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (!(number >= low && number <= high)) {
    throw DataError(where(key),
                    "must be a number from " + json(low).dump() + " to " + json(high).dump());
  }
  return number;
}

double JsonObject::number_or(std::string_view key, double fallback, double low, double high) {
  return has(key) ? number(key, low, high) : fallback;
}

int JsonObject::whole_or(std::string_view key, int fallback, int low, int high) {
  const double value = number_or(key, fallback, low, high);
  if (value != std::floor(value)) {
    throw DataError(where(key), "must be a whole number");
  }
  return static_cast<int>(value);
}

std::vector<std::string> JsonObject::texts(std::string_view key) {
  return as_texts(raw(key), where(key));
}

std::vector<std::string> JsonObject::texts_or_none(std::string_view key) {
  return has(key) ? texts(key) : std::vector<std::string>();
}

std::vector<std::vector<std::string>> JsonObject::text_lists(std::string_view key) {
  const json& value = raw(key);
  if (!value.is_array() || value.empty()) {
    throw DataError(where(key), "must be a list of argument lists");
  }
  std::vector<std::vector<std::string>> lists;
  for (const json& item : value) {
    lists.push_back(as_texts(item, where(key) + "[" + std::to_string(lists.size()) + "]"));
    if (lists.back().empty()) {
      throw DataError(where(key), "has an empty argument list");
    }
  }
  return lists;
}

std::optional<JsonObject> JsonObject::object(std::string_view key) {
  return has(key) ? std::optional<JsonObject>(std::in_place, raw(key), where(key)) : std::nullopt;
}

std::vector<JsonObject> JsonObject::objects(std::string_view key) {
  std::vector<JsonObject> objects;
  if (!has(key)) {
    return objects;
  }
  const json& value = raw(key);
  if (!value.is_array()) {
    throw DataError(where(key), "must be a list of objects");
  }
  for (const json& item : value) {
    objects.emplace_back(item, where(key) + "[" + std::to_string(objects.size()) + "]");
  }
  return objects;
}

std::vector<std::string> JsonObject::keys() const {
  std::vector<std::string> keys;
  for (const auto& [key, value] : value_.items()) {
    keys.push_back(key);
  }
  return keys;
}

void JsonObject::finish() const {
  for (const auto& key : keys()) {
    if (!read_.contains(key)) {
      throw DataError(where(key), "is no key that is known here");
    }
  }
}

json read_json_file(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) {
    throw DataError(path.string(), "cannot be read");
  }
  try {
    return json::parse(file);
  } catch (const json::parse_error& error) {
    throw DataError(path.string(), error.what());
  }
}

}  // namespace dlab::bench
