#pragma once

#include <string>

#include "bench/runner/json_object.hpp"

namespace dlab::bench {

// Which figures and verdicts an experiment wants of its results: JSON as its file has it, for
// meta.json, since `plots` makes them. Blank where the file does not say.
struct Wanted {
  std::string figures;
  std::string verdicts;
};

// Reads the keys `figures` and `verdicts` of an experiment. A figure is a word of
// bench/figures.json, or an object that describes a sweep over a setting. Throws DataError.
Wanted read_wanted(JsonObject& experiment);

}  // namespace dlab::bench
