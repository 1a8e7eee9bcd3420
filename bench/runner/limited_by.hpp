#pragma once

#include <optional>
#include <string_view>

#include "bench/runner/run_row.hpp"
#include "bench/runner/side_tables.hpp"

namespace dlab::bench {

// What is known of a finished download when its cause is looked for. Times in seconds, rates in
// Mbit/s; a number that is not known is NaN.
struct Evidence {
  double duration_s = 0;
  double startup_s = 0;  // setup and ramp
  double tail_s = 0;
  double steady_mbit_s = 0;  // goodput of the steady phase
  double connections = 1;
  // Of the link; 0: there is none, or it has no rate.
  double capacity_mbit_s = 0;  // for TCP payload
  double link_busy_s = 0;      // it was sending, the others' packets included
  double bystander_mbit_s = 0;
  double server_cap_mbit_s = 0;  // of each connection; 0: none
  // Of the server's connections together (tcp_info, linux/tcp.h).
  double busy_s = 0;            // something was to be sent
  double rwnd_limited_s = 0;    // of it: the receiver's window was full
  double sndbuf_limited_s = 0;  // of it: the send buffer was full
  double loss_events = 0;
  double client_cpu_s = 0;
  double server_cpu_s = 0;
};

// The one thing that most held a download back: start-up, loss, congestion window, receive window,
// send buffer, receiver, CPU, link full, cross traffic, server cap or straggler's tail. The rule
// stands in docs/metrics.md.
std::string_view limited_by(const Evidence& evidence);

// What a finished run's row and its server's samples tell.
Evidence evidence_of(const RunRow& row, const SenderTimes& times);

}  // namespace dlab::bench
