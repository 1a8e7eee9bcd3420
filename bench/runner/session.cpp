#include "bench/runner/session.hpp"

#include <unistd.h>

#include <cstdio>
#include <random>

#include <nlohmann/json.hpp>

#include "bench/runner/build_info.hpp"
#include "bench/runner/certificates.hpp"
#include "bench/runner/columns.hpp"
#include "bench/runner/interrupt.hpp"
#include "bench/runner/meta.hpp"
#include "bench/runner/scratch.hpp"
#include "common/cli/exit_code.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

void print(const std::string& text) {
  std::fputs(text.c_str(), stdout);
}

std::string results_name(const Options& options) {
  std::string name = options.name;
  for (const auto& experiment :
       options.name.empty() ? options.experiments : std::vector<std::string>()) {
    name += (name.empty() ? "" : "+") + experiment;
  }
  return name.empty() ? (options.full ? "full" : "quick") : name;
}

// Who makes the traffic of others where a cell asks for it.
std::vector<Bystander> bystanders_in(const Contestants& contestants) {
  std::vector<Bystander> bystanders;
  for (const auto& [setting, name] :
       {std::pair("background_flows", "background"), std::pair("request_every_ms", "requests")}) {
    if (const auto found = contestants.find(name); found != contestants.end()) {
      bystanders.push_back({setting, &found->second});
    }
  }
  return bystanders;
}

Environment make_environment(const Options& options, const Scratch& scratch,
                             linkem::NamespaceKind kind, const Contestants& contestants) {
  const fs::path served = scratch.folder() / "served";
  fs::create_directory(served);
  return {fs::read_symlink("/proc/self/exe").parent_path(),
          options.contestants_folder,
          scratch.folder() / "run",
          ServedFiles(served),
          kind,
          bystanders_in(contestants)};
}

void warn_of_host(linkem::NamespaceKind kind) {
  if (kind == linkem::NamespaceKind::host) {
    std::fputs(
        "warning: no network namespace is allowed here: runs share the host's network and its "
        "settings\n",
        stderr);
  }
}

void print_outcome(const PlannedExperiment& plan, const Outcome& outcome) {
  std::printf("\n%s: %s\n%d blocks in %s, stopped by %s\n", plan.experiment.name.c_str(),
              plan.experiment.question.c_str(), outcome.blocks, minutes(outcome.spent_s).c_str(),
              std::string(name_of(outcome.reason)).c_str());
  for (std::size_t i = 0; i < plan.pairs.size(); ++i) {
    std::printf("  %s\n", describe(plan.pairs[i], outcome.estimates[i]).c_str());
  }
  std::fflush(stdout);
}

// Runs the experiments one after the other; true unless a signal ended them early.
bool run_all(const std::vector<PlannedExperiment>& plan, SessionState& session,
             nlohmann::ordered_json& meta) {
  for (const auto& experiment : plan) {
    session.later_s += estimate_s(experiment);
  }
  for (const auto& experiment : plan) {
    session.later_s -= estimate_s(experiment);
    const Outcome outcome = Series(session, experiment).run();
    meta["experiments"][experiment.experiment.name] = outcome_meta(experiment, outcome);
    session.results.write_meta(meta.dump(2) + "\n");
    print_outcome(experiment, outcome);
    if (outcome.reason == StopReason::interrupted) {
      return false;
    }
  }
  return true;
}

int measure(const Options& options, const std::vector<PlannedExperiment>& plan,
            const Contestants& contestants) {
  catch_interrupts();
  ResultsFolder results(options.out, results_name(options));
  const Scratch scratch(scratch_bytes(plan), results.path());
  const auto kind = linkem::prepare_namespaces();
  warn_of_host(kind);
  Environment environment = make_environment(options, scratch, kind, contestants);
  linkem::enter_fresh_namespace(kind);
  const std::uint64_t seed = options.seed ? *options.seed : std::random_device()();
  auto meta = initial_meta(options, seed, environment, scratch.filesystem(), contestants);
  results.write_meta(meta.dump(2) + "\n");
  GoogleBenchmark benchmark(options.verbose);
  Progress progress(isatty(STDERR_FILENO) != 0);
  progress.say("results in " + results.path().string());
  if (kind != linkem::NamespaceKind::host) {
    meta["links"] = certify_links(plan, seed, progress);
    results.write_meta(meta.dump(2) + "\n");
  }
  SessionState session{environment, results, benchmark, progress, seed, 0, {}, 0, 0, 0};
  const bool complete = run_all(plan, session, meta);
  const int failures = session.own_failures + (options.strict ? session.other_failures : 0);
  const int exit_code = complete && failures == 0 ? cli::kExitDone : cli::kExitFailed;
  meta["finished"] = utc_stamp(std::chrono::system_clock::now());
  meta["exit_code"] = exit_code;
  results.write_meta(meta.dump(2) + "\n");
  std::printf("\n%d runs, %d failed of our programs, %d of others\n%s\n", session.runs,
              session.own_failures, session.other_failures, results.path().c_str());
  return exit_code;
}

}  // namespace

int run_session(const Options& options) {
  if (options.print_columns) {
    print(describe_columns());
    return cli::kExitDone;
  }
  const auto experiments = load_experiments(options.experiments_folder);
  const auto contestants = load_contestants(options.contestants_folder);
  if (options.list) {
    print(describe_experiments(experiments));
    return cli::kExitDone;
  }
  const auto plan =
      make_plan(experiments, contestants,
                {options.experiments, !options.full, options.filter, options.budget_s});
  if (plan.empty()) {
    std::fputs("dlab_bench: there is nothing to run\n", stderr);
    return cli::kExitUsage;
  }
  if (options.dry_run) {
    print(describe_plan(plan));
    return cli::kExitDone;
  }
  if (const auto reason = not_for_measuring(); reason && !options.allow_debug) {
    std::fprintf(stderr, "dlab_bench: %s\n", reason->c_str());
    return cli::kExitUsage;
  }
  return measure(options, plan, contestants);
}

}  // namespace dlab::bench
