#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "bench/load/arrivals.hpp"
#include "bench/load/conversation.hpp"
#include "bench/load/objects.hpp"
#include "common/base/units.hpp"
#include "common/net/endpoint.hpp"

namespace dlab::load {

enum class LoopKind {
  closed,  // a connection asks again when its answer has come
  open,    // requests are due by a schedule, whatever the server does
};

// The command line of dlab_load.
struct LoadOptions {
  net::Endpoint server;
  std::vector<Object> objects;
  Terms terms;
  unsigned connections = 1;
  LoopKind loop = LoopKind::closed;
  double rate = 0;  // requests per second; open loop
  ArrivalKind arrivals = ArrivalKind::poisson;
  base::Duration warmup{0};
  base::Duration duration = std::chrono::seconds(10);  // after the warm-up
  std::optional<std::uint64_t> requests;               // instead of a duration
  unsigned idle = 0;
  unsigned slow = 0;
  base::BitRate slow_rate{80'000};
  base::Duration connect_timeout = std::chrono::seconds(10);
  base::Duration stall_timeout = std::chrono::seconds(30);
  std::uint64_t seed = 1;
  std::string report;
  std::string rows;
  bool quiet = false;
};

}  // namespace dlab::load
