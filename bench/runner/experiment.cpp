#include "bench/runner/experiment.hpp"

#include <algorithm>
#include <map>

#include <nlohmann/json.hpp>

namespace dlab::bench {
namespace {

constexpr double kMaxBudget = 5400;
constexpr int kLeastBlocks = 8;

std::vector<std::string> read_contestants(JsonObject& object) {
  auto names = object.raw("contestant").is_string()
                   ? std::vector<std::string>{object.text("contestant")}
                   : object.texts("contestant");
  if (names.empty()) {
    throw DataError(object.where("contestant"), "has no values");
  }
  return names;
}

CellGrid read_grid(JsonObject& object) {
  CellGrid grid;
  grid.where = object.where();
  grid.contestants = read_contestants(object);
  grid.axes = read_axes(object);
  if (object.has("quick")) {
    if (object.raw("quick").is_boolean()) {
      grid.in_quick = object.flag_or("quick", true);
    } else {
      auto quick = *object.object("quick");
      grid.quick_axes = read_axes(quick);
      quick.finish();
    }
  }
  object.finish();
  return grid;
}

Selector read_selector(JsonObject& ratio, std::string_view key) {
  auto object = ratio.object(key);
  if (!object) {
    throw DataError(ratio.where(key), "is missing");
  }
  Selector selector;
  for (auto& name : read_contestants(*object)) {
    selector.contestants.insert(std::move(name));
  }
  selector.settings = read_axes(*object);
  object->finish();
  return selector;
}

Measure read_measure(JsonObject& object) {
  const auto name = object.text("measure");
  const std::map<std::string, Measure> known = {{"goodput", Measure::goodput},
                                                {"duration", Measure::duration},
                                                {"transfer", Measure::transfer},
                                                {"latency_p99", Measure::latency_p99}};
  const auto found = known.find(name);
  if (found == known.end()) {
    throw DataError(object.where("measure"), "must be goodput, duration, transfer or latency_p99");
  }
  return found->second;
}

Ratio read_ratio(JsonObject& object) {
  Ratio ratio;
  ratio.of = read_selector(object, "of");
  ratio.to = read_selector(object, "to");
  ratio.same = object.texts_or_none("same");
  for (const auto& key : ratio.same) {
    if (!is_setting(key)) {
      throw DataError(object.where("same"), key + " is no setting");
    }
  }
  ratio.measure = read_measure(object);
  if (object.has("target")) {
    ratio.target = object.number("target", 0.01, 100);
  }
  object.finish();
  return ratio;
}

void read_recording(JsonObject& object, Experiment& experiment) {
  if (auto record = object.object("record")) {
    experiment.recording.log = record->flag_or("log", false);
    experiment.recording.samples = record->flag_or("samples", false);
    experiment.recording.latency_blocks = record->whole_or("latency_blocks", 0, 0, 1000);
    record->finish();
  }
}

// How often, how long, and when it is enough.
void read_effort(JsonObject& object, Experiment& experiment) {
  experiment.least_blocks = object.whole_or("least_blocks", kLeastBlocks, kLeastBlocks, 1000);
  experiment.most_blocks =
      object.whole_or("most_blocks", experiment.least_blocks, experiment.least_blocks, 1000);
  experiment.budget_s = object.number("budget_s", 1, kMaxBudget);
  experiment.timeout_s = object.number_or("timeout_s", experiment.timeout_s, 0.1, 3600);
  experiment.narrow_enough = object.number_or("narrow_enough", experiment.narrow_enough, 1, 10);
  experiment.startup_runs = object.whole_or("startup_runs", experiment.startup_runs, 0, 100);
  experiment.in_full = object.flag_or("in_full", true);
  experiment.quick_budget_s = experiment.budget_s;
  if (auto quick = object.object("quick")) {
    experiment.quick_blocks = quick->whole_or("blocks", experiment.quick_blocks, 1, 1000);
    experiment.quick_budget_s = quick->number("budget_s", 1, kMaxBudget);
    experiment.in_quick = quick->flag_or("in_set", true);
    experiment.quick_settings = read_settings(*quick);
    quick->finish();
  }
}

}  // namespace

Experiment load_experiment(const std::filesystem::path& path) {
  const auto json = read_json_file(path);
  JsonObject object(json, path.string());
  Experiment experiment;
  experiment.name = path.stem().string();
  experiment.title = object.text("title");
  experiment.question = object.text("question");
  read_effort(object, experiment);
  read_recording(object, experiment);
  experiment.wanted = read_wanted(object);
  if (auto settings = object.object("settings")) {
    experiment.settings = read_settings(*settings);
    settings->finish();
  }
  for (auto& cell : object.objects("cells")) {
    experiment.grids.push_back(read_grid(cell));
  }
  for (auto& ratio : object.objects("ratios")) {
    experiment.ratios.push_back(read_ratio(ratio));
  }
  object.finish();
  for (const auto* key : {"cells", "ratios"}) {
    if (!object.has(key) || json[key].empty()) {
      throw DataError(object.where(key), "must have at least one entry");
    }
  }
  return experiment;
}

std::vector<Experiment> load_experiments(const std::vector<std::filesystem::path>& folders) {
  std::map<std::string, std::filesystem::path> files;  // by the experiment's name
  for (const auto& folder : folders) {
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      if (entry.path().extension() == ".json") {
        files[entry.path().stem().string()] = entry.path();
      }
    }
  }
  std::vector<Experiment> experiments;
  experiments.reserve(files.size());
  for (const auto& [name, path] : files) {
    experiments.push_back(load_experiment(path));
  }
  return experiments;
}

}  // namespace dlab::bench
