#include "bench/runner/session_turn.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>

#include "bench/runner/machine_info.hpp"
#include "bench/runner/results_folder.hpp"
#include "common/base/terminal_text.hpp"

namespace dlab::bench {
namespace {

using std::chrono::system_clock;

// "14:02 UTC".
std::string utc_time(system_clock::time_point time) {
  const std::string stamp = utc_stamp(time);
  return stamp.substr(9, 2) + ":" + stamp.substr(11, 2) + " UTC";
}

// What those who wait for this session's end are told of it, from now on.
std::string note_of(const Options& options, const std::vector<PlannedExperiment>& plan) {
  double estimate = 0;
  for (const auto& experiment : plan) {
    estimate += estimate_s(experiment);
  }
  const auto now = system_clock::now();
  return user_name() + ": " + results_name(options) + " since " + utc_time(now) + ", until about " +
         utc_time(now + std::chrono::seconds(std::lround(estimate)));
}

void say_who_has_it(const std::string& holder) {
  std::fprintf(stderr, "waiting for %s (--no-turn: measure beside it)\n",
               base::printable(holder).c_str());
}

void warn(const std::string& why) {
  std::fprintf(
      stderr,
      "warning: no turn (%s): another session may measure at the same time, and no verdict "
      "is drawn from these runs\n",
      why.c_str());
}

}  // namespace

std::unique_ptr<Turn> take_turn(const Options& options,
                                const std::vector<PlannedExperiment>& plan) {
  if (options.no_turn) {
    warn("--no-turn");
    return nullptr;
  }
  auto turn = std::make_unique<Turn>(options.turn_folder, say_who_has_it);
  if (!turn->problem().empty()) {
    warn(turn->problem());
    return nullptr;
  }
  turn->write_note(note_of(options, plan) + "\n");
  return turn;
}

}  // namespace dlab::bench
