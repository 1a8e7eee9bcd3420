#include "bench/load/arrivals.hpp"

#include <chrono>
#include <cmath>

namespace dlab::load {

base::Duration Arrivals::next() {
  if (kind_ == ArrivalKind::constant) {
    at_s_ = static_cast<double>(count_) / rate_;  // no sum: its rounding would grow
  } else {
    at_s_ -= std::log1p(-random_.uniform()) / rate_;
  }
  ++count_;
  return std::chrono::round<base::Duration>(std::chrono::duration<double>(at_s_));
}

}  // namespace dlab::load
