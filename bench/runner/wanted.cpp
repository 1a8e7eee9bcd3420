#include "bench/runner/wanted.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "bench/runner/build_info.hpp"
#include "bench/runner/settings.hpp"

namespace dlab::bench {
namespace {

using nlohmann::json;
using Words = std::vector<std::string>;

constexpr std::string_view kNameCharacters = "abcdefghijklmnopqrstuvwxyz_0123456789";

Words known_words(std::string_view kind) {
  const auto path = source_folder() + "/bench/figures.json";
  const json words = read_json_file(path);
  return JsonObject(words, path).texts(kind);
}

bool has(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

void check_word(const std::string& word, const Words& known, const std::string& where) {
  if (has(known, word)) {
    return;
  }
  std::string list;
  for (const auto& one : known) {
    list.append(list.empty() ? "" : ", ").append(one);
  }
  throw DataError(where, word + " is not known; there are " + list);
}

void check_sweep(JsonObject sweep, const Words& known) {
  const auto name = sweep.text("name");
  if (name.empty() || name.find_first_not_of(kNameCharacters) != std::string::npos) {
    throw DataError(sweep.where("name"), "must be of a to z, 0 to 9 and _");
  }
  if (has(known, name) || has(known_words("figures_of_sessions"), name)) {
    throw DataError(sweep.where("name"), name + " is another figure's");
  }
  sweep.text("asks");
  if (!is_number_setting(sweep.text("x"))) {
    throw DataError(sweep.where("x"), "must be a setting whose values are numbers");
  }
  sweep.text("x_label");
  check_word(sweep.text_or("y", "goodput"), {"goodput", "time"}, sweep.where("y"));
  for (const auto& panel : sweep.texts_or_none("panels")) {
    if (!is_setting(panel) || panel == "verify") {
      throw DataError(sweep.where("panels"), panel + " is no setting that is a column");
    }
  }
  sweep.text_or("remark", "");
  sweep.finish();
}

void check_figures(const json& figures, const std::string& where) {
  if (!figures.is_array()) {
    throw DataError(where, "must be a list of texts and objects");
  }
  const Words known = known_words("figures");
  for (std::size_t i = 0; i < figures.size(); ++i) {
    const std::string place = where + "[" + std::to_string(i) + "]";
    if (figures[i].is_string()) {
      check_word(figures[i].get<std::string>(), known, place);
    } else {
      check_sweep(JsonObject(figures[i], place), known);
    }
  }
}

}  // namespace

Wanted read_wanted(JsonObject& experiment) {
  Wanted wanted;
  if (experiment.has("figures")) {
    const json& figures = experiment.raw("figures");
    check_figures(figures, experiment.where("figures"));
    wanted.figures = figures.dump();
  }
  if (experiment.has("verdicts")) {
    const auto words = experiment.texts("verdicts");
    const Words known = known_words("verdicts");
    for (const auto& word : words) {
      check_word(word, known, experiment.where("verdicts"));
    }
    wanted.verdicts = json(words).dump();
  }
  return wanted;
}

}  // namespace dlab::bench
