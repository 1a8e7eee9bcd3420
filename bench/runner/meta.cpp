#include "bench/runner/meta.hpp"

#include <nlohmann/json.hpp>

#include "bench/runner/build_info.hpp"
#include "bench/runner/machine_info.hpp"

namespace dlab::bench {
namespace {

using nlohmann::ordered_json;

ordered_json estimate_meta(const CellPair& pair, const RatioEstimate& estimate,
                           const std::vector<Cell>& cells) {
  ordered_json meta = {{"name", pair.name},
                       {"of", cells[pair.of].name},
                       {"to", cells[pair.to].name},
                       {"n", estimate.n}};
  if (estimate.n > 0) {
    meta["geometric_mean"] = estimate.geometric_mean;
    meta["median"] = estimate.median;
  }
  if (estimate.interval) {
    meta["low"] = estimate.interval->first;
    meta["high"] = estimate.interval->second;
  }
  if (pair.target) {
    meta["target"] = *pair.target;
  }
  return meta;
}

}  // namespace

ordered_json initial_meta(const Options& options, std::uint64_t seed,
                          const Environment& environment, const std::string& scratch_filesystem,
                          const Contestants& contestants, bool has_turn) {
  return {
      {"schema", 1},
      {"command_line", options.command_line},
      {"set", options.full ? "full" : "quick"},
      {"seed", seed},
      {"started", utc_stamp(std::chrono::system_clock::now())},
      {"finished", nullptr},
      {"commit", commit_of(environment, source_folder())},
      {"build", build_info()},
      {"kernel", kernel_release()},
      {"machine", machine_info(environment.quota)},
      {"turn", has_turn},
      {"network",
       {{"namespace", linkem::name_of(environment.namespaces.kind)},
        {"pinned", environment.pinned},
        {"sysctls", linkem::current_sysctls()}}},
      {"scratch_filesystem", scratch_filesystem},
      {"programs", contestant_versions(environment, contestants)},
      {"experiments", ordered_json::object()},
  };
}

ordered_json planned_meta(const PlannedExperiment& plan) {
  const Experiment& experiment = plan.experiment;
  ordered_json meta = {{"title", experiment.title}, {"question", experiment.question}};
  if (!experiment.wanted.figures.empty()) {
    meta["figures"] = ordered_json::parse(experiment.wanted.figures);
  }
  if (!experiment.wanted.verdicts.empty()) {
    meta["verdicts"] = ordered_json::parse(experiment.wanted.verdicts);
  }
  return meta;
}

ordered_json outcome_meta(const PlannedExperiment& plan, const Outcome& outcome) {
  ordered_json ratios = ordered_json::array();
  for (std::size_t i = 0; i < plan.pairs.size(); ++i) {
    ratios.push_back(estimate_meta(plan.pairs[i], outcome.estimates[i], plan.cells));
  }
  ordered_json meta = planned_meta(plan);
  meta.update({
      {"cells", plan.cells.size()},
      {"blocks", outcome.blocks},
      {"stopped_by", name_of(outcome.reason)},
      {"narrow_enough", plan.effort.narrow_enough},
      {"budget_s", plan.effort.budget_s},
      {"spent_s", outcome.spent_s},
      {"ratios", ratios},
  });
  return meta;
}

}  // namespace dlab::bench
