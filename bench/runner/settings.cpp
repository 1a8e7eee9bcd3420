#include "bench/runner/settings.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <stdexcept>

#include <nlohmann/json.hpp>

#include "bench/runner/columns.hpp"
#include "bench/runner/mirrors.hpp"
#include "bench/runner/run_row.hpp"
#include "linkem/named_links.hpp"

namespace dlab::bench {
namespace {

using nlohmann::json;

// The values of a setting: a closed list of words, numbers from `low` to `high`, or texts of a
// `form` of their own.
struct SettingKind {
  std::string_view key;
  std::vector<std::string_view> words;
  double low = 0;
  double high = 0;
  bool whole = true;
  std::string_view form;  // in words; blank: none
  bool (*has_form)(std::string_view text) = nullptr;
};

std::vector<std::string_view> link_names() {
  std::vector<std::string_view> names{"loopback"};
  for (const auto& link : linkem::named_links()) {
    names.push_back(link.name);
  }
  return names;
}

bool names_mirrors(std::string_view text) {
  return parse_mirrors(text).has_value();
}

// "on/off" in two.
std::vector<std::string_view> words_of(std::string_view list) {
  std::vector<std::string_view> words;
  for (bool more = !list.empty(); more;) {
    const auto slash = list.find('/');
    words.push_back(list.substr(0, slash));
    more = slash != std::string_view::npos;
    list.remove_prefix(more ? slash + 1 : 0);
  }
  return words;
}

double bound(std::string_view text) {
  double number = std::numeric_limits<double>::quiet_NaN();
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// "1 to 1000" gives the ends.
SettingKind numbers(const SettingColumn& column) {
  constexpr std::string_view kTo = " to ";
  const auto to = column.values.find(kTo);
  if (to == std::string_view::npos) {
    throw std::logic_error("columns.csv: from where to where may " + std::string(column.name) +
                           " go?");
  }
  return {column.name,
          {},
          bound(column.values.substr(0, to)),
          bound(column.values.substr(to + kTo.size())),
          column.kind == "integer"};
}

// Links are linkem's to name, and of mirrors there are too many to list.
SettingKind kind_of(const SettingColumn& column) {
  if (column.name == "link") {
    return {column.name, link_names()};
  }
  if (column.name == "mirrors") {
    return {column.name,
            {},
            0,
            0,
            false,
            "a list of well, slow, 70%, killed@TIME, stalled@TIME, slowed@TIME, lying@TIME",
            names_mirrors};
  }
  if (column.kind == "integer" || column.kind == "number") {
    return numbers(column);
  }
  return {column.name, column.kind == "flag" ? words_of("yes/no") : words_of(column.values)};
}

const std::vector<SettingKind>& kinds() {
  static const auto kinds = [] {
    std::vector<SettingKind> made;
    std::ranges::transform(setting_columns(), std::back_inserter(made), kind_of);
    return made;
  }();
  return kinds;
}

const SettingKind* find_kind(std::string_view key) {
  const auto found = std::ranges::find(kinds(), key, &SettingKind::key);
  return found == kinds().end() ? nullptr : &*found;
}

std::string as_setting(const json& value, std::string_view key, const std::string& where) {
  std::string text;
  if (value.is_string()) {
    text = value.get<std::string>();
  } else if (value.is_number_integer()) {
    text = std::to_string(value.get<std::int64_t>());
  } else if (value.is_number()) {
    text = format_number(value.get<double>());
  } else {
    throw DataError(where, "must be a text or a number");
  }
  check_setting(key, text, where);
  return text;
}

std::string expected(const SettingKind& kind) {
  std::string text = "must be ";
  if (!kind.form.empty()) {
    return text.append(kind.form);
  }
  for (const auto word : kind.words) {
    text.append(text.ends_with("be ") ? "" : " or ").append(word);
  }
  if (kind.words.empty()) {
    text += kind.whole ? "a whole number from " : "a number from ";
    text += format_number(kind.low) + " to " + format_number(kind.high);
  }
  return text;
}

}  // namespace

bool is_setting(std::string_view key) {
  return find_kind(key) != nullptr;
}

bool is_number_setting(std::string_view key) {
  const auto* kind = find_kind(key);
  return kind != nullptr && kind->words.empty() && kind->form.empty();
}

void check_setting(std::string_view key, std::string_view value, const std::string& where) {
  const SettingKind* kind = find_kind(key);
  if (kind == nullptr) {
    throw DataError(where, "is no setting");
  }
  bool good = false;
  if (!kind->form.empty()) {
    good = kind->has_form(value);
  } else if (!kind->words.empty()) {
    good = std::ranges::find(kind->words, value) != kind->words.end();
  } else {
    double number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    good = error == std::errc() && end == value.data() + value.size() && number >= kind->low &&
           number <= kind->high && (!kind->whole || value.find_first_of(".e") == value.npos);
  }
  if (!good) {
    throw DataError(where, expected(*kind));
  }
}

Axes read_axes(JsonObject& object) {
  Axes axes;
  for (const auto& key : object.keys()) {
    if (!is_setting(key)) {
      continue;
    }
    const json& value = object.raw(key);
    auto& values = axes[key];
    if (!value.is_array()) {
      values.push_back(as_setting(value, key, object.where(key)));
      continue;
    }
    for (const json& item : value) {
      values.push_back(as_setting(item, key, object.where(key)));
    }
    if (values.empty()) {
      throw DataError(object.where(key), "has no values");
    }
  }
  return axes;
}

Settings read_settings(JsonObject& object) {
  Settings settings;
  for (const auto& [key, values] : read_axes(object)) {
    if (values.size() != 1) {
      throw DataError(object.where(key), "must be one value");
    }
    settings[key] = values.front();
  }
  return settings;
}

std::vector<Settings> combinations(const Axes& axes) {
  std::vector<Settings> all(1);
  for (const auto& [key, values] : axes) {
    std::vector<Settings> longer;
    for (const auto& settings : all) {
      for (const auto& value : values) {
        longer.push_back(settings);
        longer.back()[key] = value;
      }
    }
    all = std::move(longer);
  }
  return all;
}

std::string_view setting(const Settings& settings, std::string_view key) {
  const auto found = settings.find(key);
  return found == settings.end() ? std::string_view() : std::string_view(found->second);
}

double number_setting(const Settings& settings, std::string_view key, double fallback) {
  const auto text = setting(settings, key);
  double value = fallback;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

}  // namespace dlab::bench
