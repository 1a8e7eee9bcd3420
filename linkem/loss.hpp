#pragma once

#include <cstdint>

#include "common/base/random.hpp"
#include "linkem/link_spec.hpp"

namespace dlab::linkem {

// Decides the fate of the packets that a wire carries, one after another: the k-th call's answer
// depends on seed and k alone.
class LossProcess {
 public:
  LossProcess(const LossSpec& spec, std::uint64_t seed);

  // Whether the next packet is lost.
  bool loses_next();

 private:
  double enter_bad_;  // probability, per packet, of passing from the good state to the bad one
  double leave_bad_;
  bool bursty_;
  bool bad_ = false;
  base::SplitMix64 random_;
};

}  // namespace dlab::linkem
