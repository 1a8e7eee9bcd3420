#include "bench/runner/cells.hpp"

#include <algorithm>
#include <set>

namespace dlab::bench {
namespace {

void overlay(Settings& settings, const Settings& over) {
  for (const auto& [key, value] : over) {
    settings[key] = value;
  }
}

Axes axes_of(const CellGrid& grid, bool quick) {
  Axes axes = grid.axes;
  for (const auto& [key, values] : quick ? grid.quick_axes : Axes()) {
    axes[key] = values;
  }
  return axes;
}

Cell make_cell(const Experiment& experiment, const Contestant& contestant,
               const Settings& combination, const std::string& where, bool quick) {
  Settings asked = experiment.settings;
  if (quick) {
    overlay(asked, experiment.quick_settings);
  }
  overlay(asked, combination);
  Cell cell{"", &contestant, contestant.defaults};
  overlay(cell.settings, asked);
  cell.settings.try_emplace("connections", "1");
  for (const auto& [key, value] : cell.settings) {
    if (const auto refusal = contestant.refuses(key, value)) {
      throw DataError(where, *refusal);
    }
  }
  for (const auto* key : {"file_bytes", "sink", "congestion_requested", "link"}) {
    if (!cell.settings.contains(key)) {
      throw DataError(where, std::string("has no ") + key);
    }
  }
  return cell;
}

// Whether `key` tells a cell from the same contestant's other cells.
bool varies(const std::string& key, const Cell& cell, std::span<const Cell> cells) {
  return std::ranges::any_of(cells, [&](const Cell& other) {
    return other.contestant == cell.contestant &&
           setting(other.settings, key) != setting(cell.settings, key);
  });
}

// Names a cell by what sets it apart from the same contestant's other cells.
std::string name_of(const Experiment& experiment, const Cell& cell, std::span<const Cell> cells) {
  std::string name = experiment.name + "/" + cell.contestant->name;
  for (const auto& [key, value] : cell.settings) {
    if (varies(key, cell, cells)) {
      name.append("/").append(key).append(":").append(value);
    }
  }
  return name;
}

void name_all(const Experiment& experiment, std::vector<Cell>& cells) {
  std::set<std::string> names;
  for (auto& cell : cells) {
    cell.name = name_of(experiment, cell, cells);
    if (!names.insert(cell.name).second) {
      throw DataError(experiment.name + ".json: cells", cell.name + " is there twice");
    }
  }
}

bool matches(const Selector& selector, const Cell& cell) {
  return selector.contestants.contains(cell.contestant->name) &&
         std::ranges::all_of(selector.settings, [&](const auto& item) {
           return std::ranges::find(item.second, setting(cell.settings, item.first)) !=
                  item.second.end();
         });
}

// "part3 connections 10 over part3 connections 1 (schedule dynamic)": what sets the two sides
// apart, then what they share, and what is compared unless it is throughput or time.
std::string name_of(const Cell& of, const Cell& to, Measure measure, std::span<const Cell> cells) {
  std::string shared;
  const auto side = [&](const Cell& cell, bool tell_shared) {
    std::string name = cell.contestant->name;
    for (const auto& [key, value] : cell.settings) {
      if (!varies(key, cell, cells)) {
        continue;
      }
      const bool same = setting(of.settings, key) == setting(to.settings, key);
      if (!same) {
        name.append(" ").append(key).append(" ").append(value);
      } else if (tell_shared) {
        shared.append(shared.empty() ? " (" : ", ").append(key).append(" ").append(value);
      }
    }
    return name;
  };
  const std::string first = side(of, true);
  const std::string second = side(to, false);
  return first + " over " + second + (shared.empty() ? "" : shared + ")") +
         (measure == Measure::latency_p99 ? ", p99" : "");
}

}  // namespace

std::vector<Cell> expand_cells(const Experiment& experiment, const Contestants& contestants,
                               bool quick) {
  std::vector<Cell> cells;
  for (const auto& grid : experiment.grids) {
    if (quick && !grid.in_quick) {
      continue;
    }
    for (const auto& name : grid.contestants) {
      const auto contestant = contestants.find(name);
      if (contestant == contestants.end()) {
        throw DataError(grid.where, "there is no contestant " + name);
      }
      for (const auto& combination : combinations(axes_of(grid, quick))) {
        cells.push_back(make_cell(experiment, contestant->second, combination, grid.where, quick));
      }
    }
  }
  name_all(experiment, cells);
  return cells;
}

std::vector<CellPair> expand_ratios(const Experiment& experiment, std::span<const Cell> cells) {
  std::vector<CellPair> pairs;
  for (const auto& ratio : experiment.ratios) {
    for (std::size_t of = 0; of < cells.size(); ++of) {
      for (std::size_t to = 0; to < cells.size(); ++to) {
        const bool same = std::ranges::all_of(ratio.same, [&](const std::string& key) {
          return setting(cells[of].settings, key) == setting(cells[to].settings, key);
        });
        if (of != to && same && matches(ratio.of, cells[of]) && matches(ratio.to, cells[to])) {
          pairs.push_back({name_of(cells[of], cells[to], ratio.measure, cells), of, to,
                           ratio.measure, ratio.target});
        }
      }
    }
  }
  return pairs;
}

}  // namespace dlab::bench
