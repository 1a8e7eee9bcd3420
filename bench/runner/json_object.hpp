#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace dlab::bench {

// What is wrong with a data file, naming file and key:
// "bench/experiments/sizes.json: cells[1].sink: must be a text".
class DataError : public std::runtime_error {
 public:
  DataError(std::string_view where, std::string_view what);
};

// One object of a JSON file, read strictly: a key that is missing, of another type or out of range
// throws DataError, and finish() throws for a key that nobody asked for. Refers to the JSON value,
// which must outlive it.
class JsonObject {
 public:
  // `where`: file and key, for errors. Throws DataError when `value` is no object.
  JsonObject(const nlohmann::json& value, std::string where);

  [[nodiscard]] bool has(std::string_view key) const;
  [[nodiscard]] const std::string& where() const { return where_; }
  [[nodiscard]] std::string where(std::string_view key) const;

  std::string text(std::string_view key);
  std::string text_or(std::string_view key, std::string fallback);
  bool flag_or(std::string_view key, bool fallback);
  double number(std::string_view key, double low, double high);
  double number_or(std::string_view key, double fallback, double low, double high);
  int whole_or(std::string_view key, int fallback, int low, int high);
  // A list of texts. Blank when optional and missing.
  std::vector<std::string> texts(std::string_view key);
  std::vector<std::string> texts_or_none(std::string_view key);
  // A list of lists of texts.
  std::vector<std::vector<std::string>> text_lists(std::string_view key);
  std::optional<JsonObject> object(std::string_view key);
  // A list of objects; empty when missing.
  std::vector<JsonObject> objects(std::string_view key);

  // The raw value, for keys whose type is open; and all keys in the file's order.
  const nlohmann::json& raw(std::string_view key);
  [[nodiscard]] std::vector<std::string> keys() const;

  // Throws DataError when the object has a key that was never read.
  void finish() const;

 private:
  const nlohmann::json& value_;
  std::string where_;
  std::set<std::string, std::less<>> read_;
};

// The parsed content of a JSON file. Throws DataError naming the file.
nlohmann::json read_json_file(const std::filesystem::path& path);

}  // namespace dlab::bench
