#include "bench/runner/session.hpp"

#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <random>

#include <nlohmann/json.hpp>

#include "bench/runner/build_info.hpp"
#include "bench/runner/certificates.hpp"
#include "bench/runner/columns.hpp"
#include "bench/runner/cpus.hpp"
#include "bench/runner/files.hpp"
#include "bench/runner/interrupt.hpp"
#include "bench/runner/meta.hpp"
#include "bench/runner/scratch.hpp"
#include "bench/runner/session_turn.hpp"
#include "common/base/terminal_text.hpp"
#include "common/cli/exit_code.hpp"
#include "common/cli/program.hpp"
#include "common/cli/terminal.hpp"

namespace dlab::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kSignalled = 128;  // and the signal's number, as shells have it

void print(const std::string& text) {
  std::fputs(base::printable_lines(text).c_str(), stdout);
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
                             const Contestants& contestants) {
  const fs::path served = scratch.folder() / "served";
  fs::create_directory(served);
  return {.bin = fs::read_symlink("/proc/self/exe").parent_path(),
          .contestants = fs::absolute(options.contestants_folder),
          .work = scratch.folder() / "run",
          .files = ServedFiles(served),
          .bystanders = bystanders_in(contestants),
          .quota = CpuQuota()};
}

// What this session may use of the machine's processors, where that is not all.
void warn_of_few_cpus(const CpuQuota& quota) {
  const int usable = usable_cpus();
  if (const auto allowed = quota.cpus(); allowed && *allowed < usable) {
    std::fprintf(
        stderr,
        "warning: a CPU quota allows this session the time of %.2f of %d CPUs: runs that it "
        "holds back are void\n",
        *allowed, usable);
  }
  if (usable < cpus_of_machine()) {
    std::fprintf(stderr, "warning: this session may use %d of %d CPUs (taskset or a cpuset)\n",
                 usable, cpus_of_machine());
  }
}

// For this process and the programs that it starts; warns where they have to do with less.
void enter_namespaces(Environment& environment) {
  environment.namespaces = linkem::prepare_namespaces();
  environment.pinned = linkem::enter_fresh_namespace(environment.namespaces.kind);
  if (environment.namespaces.kind == linkem::NamespaceKind::host) {
    std::fprintf(stderr,
                 "warning: runs share the machine's network and its settings, and links cannot be "
                 "measured: %s\n",
                 environment.namespaces.obstacle.c_str());
  } else if (!environment.pinned) {
    std::fputs("warning: /proc/sys may not be written: TCP's buffers are the machine's own\n",
               stderr);
  }
}

void print_outcome(const PlannedExperiment& plan, const Outcome& outcome, bool has_turn) {
  std::printf("\n%s: %s\n%d blocks in %s, stopped by %s\n",
              base::printable(plan.experiment.name).c_str(),
              base::printable(plan.experiment.question).c_str(), outcome.blocks,
              minutes(outcome.spent_s).c_str(), std::string(name_of(outcome.reason)).c_str());
  for (std::size_t i = 0; i < plan.pairs.size(); ++i) {
    print("  " + describe(plan.pairs[i], outcome.estimates[i], has_turn) + "\n");
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
    auto& about = meta["experiments"][experiment.experiment.name];
    about = planned_meta(experiment);
    session.results.write_meta(meta.dump(2) + "\n");
    const Outcome outcome = Series(session, experiment).run();
    about = outcome_meta(experiment, outcome);
    session.results.write_meta(meta.dump(2) + "\n");
    print_outcome(experiment, outcome, session.has_turn);
    if (outcome.reason == StopReason::interrupted) {
      return false;
    }
  }
  return true;
}

// Tells where the results are: people by `latest`, scripts by a file of their own.
void tell_folder(const Options& options, const ResultsFolder& results) {
  if (!options.folder_to.empty()) {
    write_file(options.folder_to, results.path().string() + "\n");
  }
  if (!results.latest_problem().empty()) {
    std::fprintf(stderr, "warning: `latest` does not lead to the new results: %s\n",
                 results.latest_problem().c_str());
  }
}

// One session's measurements, and what became of them.
struct Measurement {
  const Options& options;
  const std::vector<PlannedExperiment>& plan;
  const Contestants& contestants;
  bool has_turn;
  ResultsFolder results;
  Tally tally;
  nlohmann::ordered_json meta = nlohmann::ordered_json::object();
  bool complete = false;  // no signal ended it early
};

void measure(Measurement& all) {
  const Scratch scratch(scratch_bytes(all.plan), scratch_fallback(all.results.path()));
  Environment environment = make_environment(all.options, scratch, all.contestants);
  enter_namespaces(environment);
  warn_of_few_cpus(environment.quota);
  const std::uint64_t seed = all.options.seed ? *all.options.seed : std::random_device()();
  all.meta = initial_meta(all.options, seed, environment, scratch.filesystem(), all.contestants,
                          all.has_turn);
  all.results.write_meta(all.meta.dump(2) + "\n");
  GoogleBenchmark benchmark(all.options.verbose);
  Progress progress(cli::can_draw());
  progress.say("results in " + all.results.path().string());
  all.meta["links"] = certify_links(all.plan, seed, environment.namespaces, progress);
  all.results.write_meta(all.meta.dump(2) + "\n");
  SessionState session{environment, all.results,  benchmark, progress, all.tally,
                       seed,        all.has_turn, 0,         {},       0};
  all.complete = run_all(all.plan, session, all.meta);
}

bool nothing_measured(const Tally& tally) {
  return tally.tries == 0 && !tally.unavailable.empty();
}

int exit_code_of(const Measurement& all) {
  if (!all.complete) {
    return kSignalled + interrupting_signal();
  }
  const Tally& tally = all.tally;
  const int failures = tally.own_failures + (all.options.strict ? tally.other_failures : 0);
  return failures == 0 && !nothing_measured(tally) ? cli::kExitDone : cli::kExitFailed;
}

// What became of all runs, and why some were not to be had.
void tell_end(const Measurement& all) {
  const Tally& tally = all.tally;
  std::printf("\n%d runs, %d failed of our programs, %d of others%s\n", all.results.runs(),
              tally.own_failures, tally.other_failures,
              all.complete ? "" : "; a signal ended the session early");
  for (const auto& [reason, runs] : tally.unavailable) {
    print(std::to_string(runs) + " unavailable: " + reason + "\n");
  }
  std::printf("%s\n", all.results.path().c_str());
  std::fflush(stdout);
  if (all.complete && nothing_measured(tally)) {
    cli::say("dlab_bench", "nothing was measured: " + tally.unavailable.begin()->first);
  }
}

// Writes and tells what was made; the exit code.
int finish(Measurement& all) {
  const int exit_code = exit_code_of(all);
  all.meta["finished"] = utc_stamp(std::chrono::system_clock::now());
  all.meta["exit_code"] = exit_code;
  all.results.write_meta(all.meta.dump(2) + "\n");
  tell_end(all);
  return exit_code;
}

// Takes its turn, makes a results folder, and measures all of the plan; the exit code.
int run(const Options& options, const std::vector<PlannedExperiment>& plan,
        const Contestants& contestants) {
  catch_interrupts();
  std::unique_ptr<Turn> turn;
  std::optional<Measurement> all;
  try {
    turn = take_turn(options, plan);
    all.emplace(Measurement{options, plan, contestants, turn != nullptr,
                            ResultsFolder(options.out, results_name(options))});
    tell_folder(options, all->results);
    measure(*all);
  } catch (const Interrupted&) {
    return all ? finish(*all) : kSignalled + interrupting_signal();
  }
  return finish(*all);
}

}  // namespace

std::string results_name(const Options& options) {
  std::string name = options.name;
  for (const auto& experiment :
       options.name.empty() ? options.experiments : std::vector<std::string>()) {
    name += (name.empty() ? "" : "+") + experiment;
  }
  return name.empty() ? (options.full ? "full" : "quick") : name;
}

int run_session(const Options& options) {
  if (options.print_columns) {
    print(describe_columns());
    return cli::kExitDone;
  }
  const auto experiments = load_experiments(options.experiments_folders);
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
    cli::say("dlab_bench", *reason);
    return cli::kExitUsage;
  }
  return run(options, plan, contestants);
}

}  // namespace dlab::bench
