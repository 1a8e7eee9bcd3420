#include "bench/runner/contestant.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>

#include <nlohmann/json.hpp>

#include "bench/runner/placeholders.hpp"

namespace dlab::bench {
namespace {

constexpr auto kPlaceholders = std::to_array<std::string_view>({"server",
                                                                "port",
                                                                "port2",
                                                                "root",
                                                                "file",
                                                                "output",
                                                                "output_folder",
                                                                "output_name",
                                                                "bytes",
                                                                "bytes_half",
                                                                "connections_high",
                                                                "connections_low",
                                                                "report",
                                                                "rows",
                                                                "samples",
                                                                "seed",
                                                                "bin",
                                                                "python",
                                                                "here",
                                                                "work",
                                                                "bystander_rows",
                                                                "servers",
                                                                "user",
                                                                "workers"});
// Options that are asked for by the experiment's `record`, not by a cell.
constexpr auto kRecords =
    std::to_array<std::string_view>({"record=latency", "record=samples", "record=log"});
// What the runner itself sees to, for all contestants alike.
constexpr auto kUniversal = std::to_array<std::string_view>(
    {"file_bytes", "link", "congestion_requested", "client_cpus", "server_cpus", "verify",
     "background_flows", "request_every_ms"});

bool is_one_of(std::string_view text, std::span<const std::string_view> list) {
  return std::ranges::find(list, text) != list.end();
}

void check_arguments(const std::vector<std::string>& arguments, const std::string& where) {
  for (const auto& argument : arguments) {
    for (const auto& name : placeholders_in(argument)) {
      if (!is_setting(name) && !is_one_of(name, kPlaceholders)) {
        throw DataError(where, "{" + name + "} is no placeholder");
      }
    }
  }
}

void check_option_key(const std::string& key, const std::string& where) {
  if (is_one_of(key, kRecords)) {
    return;
  }
  const auto equals = key.find('=');
  const auto name = key.substr(0, equals);
  if (!is_setting(name)) {
    throw DataError(where, "is no setting");
  }
  if (equals != std::string::npos) {
    check_setting(name, key.substr(equals + 1), where);
  }
}

auto read_options(JsonObject& object, std::string_view key) {
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  if (auto list = object.object(key)) {
    for (const auto& name : list->keys()) {
      check_option_key(name, list->where(name));
      options[name] = list->texts(name);
      check_arguments(options[name], list->where(name));
    }
  }
  return options;
}

auto read_commands(JsonObject& object, std::string_view key) {
  auto commands = object.text_lists(key);
  for (const auto& command : commands) {
    check_arguments(command, object.where(key));
  }
  return commands;
}

Figures read_figures(JsonObject& object) {
  const auto name = object.text_or("figures", "none");
  const std::map<std::string, Figures> known = {
      {"none", Figures::none},     {"report", Figures::report}, {"curl", Figures::curl},
      {"iperf3", Figures::iperf3}, {"load", Figures::load},     {"wrk", Figures::wrk}};
  const auto found = known.find(name);
  if (found == known.end()) {
    throw DataError(object.where("figures"), "must be none, report, curl, iperf3, load or wrk");
  }
  return found->second;
}

void read_needs(JsonObject& object, Contestant& contestant) {
  for (auto& need : object.objects("needs")) {
    contestant.needs.push_back(
        {need.text("program"), need.text("package"), need.texts_or_none("version")});
    need.finish();
  }
  for (auto& file : object.objects("files")) {
    contestant.files.push_back({file.text("from"), file.text("to")});
    file.finish();
  }
}

void read_columns(JsonObject& object, Contestant& contestant) {
  if (auto columns = object.object("columns")) {
    for (const auto& key : columns->keys()) {
      if (key != "server_model" && key != "client_model" && key != "io_path" && key != "schedule") {
        throw DataError(columns->where(key), "is no column that a contestant may set");
      }
      contestant.columns[key] = columns->text(key);
    }
  }
  if (auto defaults = object.object("defaults")) {
    contestant.defaults = read_settings(*defaults);
    defaults->finish();
  }
}

// The file's content, put on top of that of the one which it says it is like.
nlohmann::json read_with_model(const std::filesystem::path& path) {
  auto own = read_json_file(path);
  if (!own.is_object() || !own.contains("like")) {
    return own;
  }
  const auto name = JsonObject(own, path.string()).text("like");
  auto whole = read_json_file(path.parent_path() / (name + ".json"));
  if (whole.contains("like")) {
    throw DataError(path.string() + ": like", name + " is itself like another one");
  }
  own.erase("like");
  whole.merge_patch(own);
  return whole;
}

}  // namespace

bool Contestant::uses(std::string_view placeholder) const {
  const auto in_command = [&](const std::vector<std::string>& command) {
    return std::ranges::any_of(command, [&](const std::string& argument) {
      return placeholders_in(argument).contains(std::string(placeholder));
    });
  };
  const auto in_options = [&](const auto& options) {
    return std::ranges::any_of(options, [&](const auto& item) { return in_command(item.second); });
  };
  return std::ranges::any_of(servers, in_command) || std::ranges::any_of(clients, in_command) ||
         in_options(server_options) || in_options(client_options);
}

std::optional<std::string> Contestant::refuses(std::string_view key, std::string_view value) const {
  if (key == "connections") {
    int asked = 0;
    std::from_chars(value.data(), value.data() + value.size(), asked);
    const bool can = asked >= least_connections && (asked == 1 || most_connections > 1);
    return can ? std::nullopt
               : std::optional("contestant " + name + " cannot use " + std::to_string(asked) +
                               " connections");
  }
  const auto exact = std::string(key) + "=" + std::string(value);
  const auto column = columns.find(key);
  if (is_one_of(key, kUniversal) || server_options.contains(key) || client_options.contains(key) ||
      server_options.contains(exact) || client_options.contains(exact) ||
      (column != columns.end() && column->second == value)) {
    return std::nullopt;
  }
  return "contestant " + name + " has no option for " + exact;
}

Contestant load_contestant(const std::filesystem::path& path) {
  const auto json = read_with_model(path);
  JsonObject object(json, path.string());
  Contestant contestant;
  contestant.name = path.stem().string();
  contestant.title = object.text("title");
  if (object.has("part")) {
    contestant.part = object.whole_or("part", 1, 1, 6);
  }
  read_columns(object, contestant);
  read_needs(object, contestant);
  contestant.servers = read_commands(object, "servers");
  contestant.clients = read_commands(object, "clients");
  contestant.server_options = read_options(object, "server_options");
  contestant.client_options = read_options(object, "client_options");
  contestant.figures = read_figures(object);
  contestant.least_connections = object.whole_or("least_connections", 1, 1, 1000);
  contestant.most_connections = object.whole_or("most_connections", 1, 1, 1000);
  object.finish();
  for (const auto& [key, value] : contestant.defaults) {
    if (const auto refusal = contestant.refuses(key, value)) {
      throw DataError(path.string() + ": defaults." + key, *refusal);
    }
  }
  return contestant;
}

Contestants load_contestants(const std::filesystem::path& folder) {
  Contestants contestants;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".json") {
      auto contestant = load_contestant(entry.path());
      contestants.emplace(contestant.name, std::move(contestant));
    }
  }
  return contestants;
}

}  // namespace dlab::bench
