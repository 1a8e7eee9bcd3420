#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "bench/runner/cast.hpp"
#include "bench/runner/command_lines.hpp"
#include "bench/runner/environment.hpp"
#include "bench/runner/run_description.hpp"
#include "bench/runner/run_network.hpp"
#include "bench/runner/run_result.hpp"
#include "common/base/clock.hpp"

namespace dlab::bench {

// One transfer: a fresh network namespace, fresh servers, the clients, and everything about it that
// goes into the tables. Whatever goes wrong becomes the row's status and error.
class Transfer {
 public:
  Transfer(const Environment& environment, const RunRequest& request);

  RunResult run();

 private:
  void require_programs() const;
  void enter_network();
  void prepare_place();
  void run_clients();
  bool wait_for_clients();
  void require_unthrottled(base::TimePoint started, base::Duration throttled_before);
  void settle();
  void take_retransmissions();
  void end_with(const std::string& status, const std::string& error);

  const Environment& environment_;
  const RunRequest& request_;
  const Cell& cell_;
  RunPlace place_;
  std::optional<RunNetwork> network_;
  std::optional<Cast> cast_;
  std::optional<std::int64_t> retransmitted_before_;
  RunResult result_;
};

}  // namespace dlab::bench
